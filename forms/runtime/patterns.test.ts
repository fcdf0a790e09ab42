import assert from 'node:assert/strict';
import { compilePattern, patternProblem } from './patterns.ts';

/** Pattern, a text it accepts, a text it refuses. The patterns are the ones found in Chinese forms everywhere. */
const USUAL: [name: string, pattern: string, yes: string, no: string][] = [
  ['Han only', '^[\\u4e00-\\u9fa5]+$', '张桂兰', 'Zhang'],
  ['Han by script', '^\\p{Script=Han}+$', '张桂兰', 'zh'],
  ['Han by short script', '^\\p{sc=Han}{2,4}$', '欧阳', '张'],
  ['Han with middle dot', '^[\\u4e00-\\u9fa5·]{2,20}$', '阿依古丽·买买提', 'a·b'],
  ['name, Han or Latin', '^[\\u4e00-\\u9fa5a-zA-Z\\s]{2,30}$', 'Li Lei', '李1'],
  ['no Han', '^[^\\u4e00-\\u9fa5]*$', 'abc', '中'],
  ['Han extension A', '^[\\u3400-\\u4dbf]+$', '㐀', '中'],
  ['Han beyond the BMP', '^[\\u{20000}-\\u{2a6df}]+$', '𠮷', '吉'],
  ['full-width', '^[\\uff00-\\uffff]+$', 'ＡＢ', 'AB'],
  ['mobile', '^1[3-9]\\d{9}$', '13812345678', '12812345678'],
  ['mobile with prefix', '^(?:(?:\\+|00)86)?1[3-9]\\d{9}$', '+8613812345678', '+8513812345678'],
  ['land line', '^0\\d{2,3}-?\\d{7,8}$', '022-23456789', '22-2345678'],
  ['400 number', '^400-?\\d{3}-?\\d{4}$', '400-123-4567', '500-123-4567'],
  [
    'ID number',
    '^[1-9]\\d{5}(?:18|19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dXx]$',
    '120103194001011234',
    '120103194013011234',
  ],
  ['ID number, 15 or 18', '(^\\d{15}$)|(^\\d{17}([0-9]|X|x)$)', '12010319400101123X', '12010319400101123Y'],
  ['USCC', '^[0-9A-HJ-NPQRTUWXY]{2}\\d{6}[0-9A-HJ-NPQRTUWXY]{10}$', '91120103MA05XXXX5T', '91120103MA05XXXI5T'],
  ['registration number', '^\\d{15}$', '120103000012345', '12010300001234'],
  [
    'plate',
    '^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][A-Z0-9]{4}[A-Z0-9挂学警港澳]$',
    '津A12345',
    '天A12345',
  ],
  ['new-energy plate', '^[\\u4e00-\\u9fa5][A-Z](?:[DF][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[DF])$', '津AD12345', '津A12345'],
  ['post code', '^[1-9]\\d{5}(?!\\d)'.replace('(?!\\d)', '$'), '300074', '030074'],
  ['area code', '^\\d{6}(?:\\d{3}(?:\\d{3})?)?$', '120103008011', '1201030080'],
  ['bank card', '^[1-9]\\d{9,29}$', '6222021234567890123', '0222021234567890'],
  ['QQ', '^[1-9][0-9]{4,10}$', '10001', '01000'],
  ['WeChat', '^[a-zA-Z][-_a-zA-Z0-9]{5,19}$', 'wx_12345', '1wx_1234'],
  ['e-mail', '^[\\w.-]+@[\\w-]+(\\.[\\w-]+)+$', 'a.b@c.cn', 'a@b'],
  ['domain', '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,6}$', 'hexi.gov.cn', '-a.cn'],
  ['IPv4', '^((25[0-5]|2[0-4]\\d|[01]?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)$', '10.0.0.1', '256.0.0.1'],
  ['MAC', '^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$', '00:1A:2b:3c:4d:5e', '00-1A-2b-3c-4d-5e'],
  ['date', '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', '2026-11-22', '2026-13-22'],
  ['Chinese date', '^\\d{4}年\\d{1,2}月\\d{1,2}日$', '2026年11月22日', '2026-11-22'],
  ['time', '^([01]\\d|2[0-3]):[0-5]\\d$', '08:30', '24:00'],
  ['amount', '^(0|[1-9]\\d*)(\\.\\d{1,2})?$', '12.50', '012.5'],
  ['positive integer', '^[1-9]\\d*$', '12', '0'],
  ['blood pressure', '^\\d{2,3}\\/\\d{2,3}$', '120/80', '120-80'],
  ['door number', '^\\d+号楼\\d+单元\\d+室$', '3号楼2单元501室', '3-2-501'],
  ['community', '(社区|村|居委会)$', '天塔社区', '天塔街道'],
  ['not blank', '\\S', 'a', '  '],
  ['passport', '^([EeDdSsPpGg]\\d{8}|[Ee][A-HJ-NP-Z]\\d{7})$', 'E12345678', 'A12345678'],
  ['Hong Kong and Macau permit', '^[HM]\\d{8,10}$', 'H12345678', 'X12345678'],
  ['device code', '^[a-z]+(?:-[a-z0-9]+)*-\\d{3}$', 'fall-001', 'Fall-001'],
  ['tags apart by Chinese comma', '^[\\u4e00-\\u9fa5]+(?:、[\\u4e00-\\u9fa5]+)*$', '高龄、独居', '高龄,独居'],
  ['letters of any script', '^\\p{L}+$', '张é', 'a1'],
  ['general category', '^\\p{General_Category=Lu}\\p{Ll}+$', 'Li', 'li'],
  ['hyphen in a class', '^[\\w\\-]+$', 'a-b', 'a b'],
];

describe('patterns', () => {
  for (const [name, pattern, yes, no] of USUAL) {
    it(`understand ${name}`, () => {
      assert.equal(patternProblem(pattern), null);
      assert.equal(compilePattern(pattern).test(yes), true, yes);
      assert.equal(compilePattern(pattern).test(no), false, no);
      assert.equal(new RegExp(pattern, 'u').test(yes), true, 'the same in ECMAScript');
      assert.equal(new RegExp(pattern, 'u').test(no), false, 'the same in ECMAScript');
    });
  }

  it('name what RE2 has not', () => {
    assert.equal(patternProblem('^(?=.*\\d).{8,}$'), 'look-around');
    assert.equal(patternProblem('(?<!a)b'), 'look-around');
    assert.equal(patternProblem('(.)\\1'), 'back-reference');
    assert.equal(patternProblem('[a-'), 'syntax');
    assert.equal(patternProblem('a'.repeat(2001)), 'too-large');
  });

  it('take linear time where backtracking takes for ever', () => {
    const startedAt = performance.now();
    assert.equal(compilePattern('^(a+)+$').test(`${'a'.repeat(5000)}!`), false);
    assert.ok(performance.now() - startedAt < 1000);
  });
});
