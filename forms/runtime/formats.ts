/**
 * The formats a form may use. Each is linear in the text's length or looks at a bounded length only, for they run on the
 * server over whatever was sent.
 */
export type FormatCheck = (text: string) => boolean;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/;
const ZONED = /(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$/;
const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;
const PHONE = /^(1[3-9]\d{9}|(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?|400-?\d{3}-?\d{4}|1\d{2}|123\d{2}|9[56]\d{3,4})$/;
const PLATE =
  /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]([A-HJ-NP-Z\d]{4}[A-HJ-NP-Z\d挂学警港澳]|[DF][A-HJ-NP-Z\d]\d{4}|\d{5}[DF])$/u;
const PHOTO = /^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/;
/** About 200 KB of JPEG as base64. */
const MAX_PHOTO_LENGTH = 280_000;
const MAX_LENGTH = 2048;

export const formats: Readonly<Record<string, FormatCheck>> = {
  date: short(isDate),
  time: short((text) => TIME.test(text)),
  'date-time': short(isDateTime),
  duration: short((text) => DURATION.test(text)),
  email: short((text) => EMAIL.test(text)),
  uri: short((text) => /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(text)),
  uuid: short((text) => UUID.test(text)),
  'cn-phone': short((text) => PHONE.test(text)),
  'cn-id-card': short(isIdCard),
  'cn-uscc': short(isSocialCreditCode),
  'cn-plate': short((text) => PLATE.test(text)),
  photo: (text) => text.length <= MAX_PHOTO_LENGTH && PHOTO.test(text),
};

function short(check: FormatCheck): FormatCheck {
  return (text) => text.length <= MAX_LENGTH && check(text);
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

function isDateTime(text: string): boolean {
  const [date = '', time = '', rest] = text.split('T');
  return rest === undefined && isDate(date) && TIME.test(time) && ZONED.test(time);
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643-1999: region, date of birth, sequence, check digit modulo 11. */
function isIdCard(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false;
  if (!isDate(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`)) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return '10X98765432'[sum % 11] === text[17];
}

const CODE_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100-2015: 17 characters and a check character modulo 31. */
function isSocialCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false;
  const sum = CODE_WEIGHTS.reduce((total, weight, index) => total + weight * CODE_CHARACTERS.indexOf(text[index] ?? ''), 0);
  return CODE_CHARACTERS[(31 - (sum % 31)) % 31] === text[17];
}
