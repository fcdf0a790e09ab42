import assert from 'node:assert/strict';
import { accountProblems, isName, passwordProblem } from './account-rules.ts';

describe('password rules', () => {
  const cases: [string, string | null][] = [
    ['short', 'passwordShort'],
    ['elevenchars', 'passwordShort'],
    ['twelve chars', null],
    ['Tw0kinds', null],
    ['twokinds1', 'passwordShort'],
    ['松柏长青2026年X', null],
    ['松柏长青老有所养四季平安', null],
    ['1234567', 'passwordShort'],
    ['123456789012', 'passwordCommon'],
    ['aaaaaaaaaaaaaaaa', 'passwordCommon'],
    ['P@ssw0rd', 'passwordCommon'],
    ['Admin@123', 'passwordCommon'],
    ['songbai-demo', 'passwordCommon'],
    ['Wang.Xiaoming', 'passwordUsername'],
    ['wang.xiaoming2026!', 'passwordUsername'],
    ['a'.repeat(60) + 'bcdef'.repeat(20), 'passwordLong'],
  ];
  for (const [password, expected] of cases)
    it(`${expected ? `refuses (${expected})` : 'takes'} ${password.slice(0, 20)}`, () =>
      assert.equal(passwordProblem(password, 'wang.xiaoming'), expected));
});

describe('account rules', () => {
  const good = { username: 'li.na', name: '李娜', password: 'a long sentence' };

  it('take an ordinary account', () => assert.deepEqual(accountProblems(good), []));

  it('name each field by its pointer', () => {
    assert.deepEqual(accountProblems({ username: 'x', name: '', password: '' }, '/account'), [
      { pointer: '/account/username', keyword: 'username' },
      { pointer: '/account/name', keyword: 'name' },
      { pointer: '/account/password', keyword: 'passwordShort' },
    ]);
  });

  it('keep the names that the operation log uses for others', () => {
    for (const username of ['anonymous', 'engine', 'node-red', 'system'])
      assert.equal(accountProblems({ ...good, username }).length, 1, username);
  });

  it('want names without blanks around them and without hidden characters', () => {
    assert.deepEqual(['李娜', 'Li Na', ' 李', '李\n娜', '李\u202e娜', '', '李'.repeat(61)].map(isName), [
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
