import { COMMON_PASSWORDS } from './common-passwords.ts';

/** A field that did not pass; `keyword` names the rule, `field.<keyword>` is its sentence for people. */
export interface FieldProblem {
  pointer: string;
  keyword: string;
}

const LONGEST_PASSWORD = 128;
const LONGEST_NAME = 60;
const USERNAME = /^[a-z][a-z0-9._-]{2,31}$/;
/** Names that the operation log uses for others. */
const RESERVED = ['anonymous', 'engine', 'node-red', 'system'];
const KINDS = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u];

/** What is wrong with a new account's own fields; pointers begin with `base`. */
export function accountProblems(account: { username: string; name: string; password: string }, base = ''): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { username, name, password } = account;
  if (!USERNAME.test(username) || RESERVED.includes(username)) problems.push({ pointer: `${base}/username`, keyword: 'username' });
  if (!isName(name)) problems.push({ pointer: `${base}/name`, keyword: 'name' });
  const keyword = passwordProblem(password, username);
  if (keyword) problems.push({ pointer: `${base}/password`, keyword });
  return problems;
}

/** 1 to 60 characters that can be seen, without blanks around them. */
export const isName = (name: string): boolean =>
  name.length > 0 && name.length <= LONGEST_NAME && name === name.trim() && !/\p{C}/u.test(name);

/** The rule that a password breaks: 12 characters, or 8 of three kinds; neither the user name nor what everybody takes. */
export function passwordProblem(password: string, username: string): string | null {
  const characters = Array.from(password);
  if (characters.length > LONGEST_PASSWORD) return 'passwordLong';
  const kinds = KINDS.filter((kind) => kind.test(password)).length;
  if (characters.length < 8 || (characters.length < 12 && kinds < 3)) return 'passwordShort';
  const plain = password.toLowerCase();
  // `li.na2026!!!!` is the user name with what the rule asks for at its end.
  if (plain === username || plain.replace(/[^\p{L}]+$/u, '') === username.replace(/[^\p{L}]+$/u, '')) return 'passwordUsername';
  if (COMMON_PASSWORDS.has(plain) || new Set(plain).size < 5) return 'passwordCommon';
  return null;
}
