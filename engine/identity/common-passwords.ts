/** What people take when a rule asks for 8 characters of three kinds or for 12 of any; lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  0987654321qwe 123456789012 1234567890ab 1234567890abc 1234567890qwe 123456789abc 123456789qwe 123456abc! 123456abcdef 123456qwerty
  123qwe!@# 123qwe123qwe 147258369147 1q2w3e4r! 1q2w3e4r5t6y 1qaz!qaz 1qaz2wsx! 1qaz2wsx3edc 1qaz@wsx 1qaz@wsx3edc
  5201314woaini a1234567! a12345678! aa123456! aa123456@ aa12345678 aa@123456 aa@12345678 abc12345! abc123456! abc@12345 abc@123456 abcd1234!
  abcd1234abcd abcd@1234 abcdefghijkl admin123! admin123456! admin123admin admin1234! admin@12345 admin@123456 admin@1234 admin@123
  admin@2025 admin@2026 admin888! administrator administrator1 asd123456! asdf1234! asdfghjkl123 change-me-now changeme123! changeme1234
  correcthorsebatterystaple dragon123! hello123! iloveyou123! letmein123! monkey123! p@ssw0rd p@ssw0rd1 p@ssw0rd123 p@ssword1 p@ssword123
  pa$$w0rd pass@123 pass@1234 pass@word1 passw0rd! password!1 password1! password12! password123! password1234 password12345 password@1
  password@123 passwordpassword q1w2e3r4! q1w2e3r4t5y6 qaz123!@# qazwsx123! qazwsx123456 qazwsxedc123 qwe123!@# qwe123456! qwer1234!
  qwer@1234 qwert12345! qwerty123! qwerty123456 qwerty@123 qwertyuiop[] qwertyuiop123 root@123 root@1234 root@123456 songbai-demo songbai@123
  songbai123! songbai123456 summer2026! test1234! test@123 test@1234 welcome1! welcome123! welcome@123 woaini1314520 woaini5201314 woaini520!
  yanglao123! yanglao@123 zaq12wsx! zaq1@wsx zxc123456! zxcvbnm123! zxcvbnm12345
  `
    .trim()
    .split(/\s+/),
);
