import assert from 'node:assert/strict';
import { compileProcesses } from './compile-process.ts';
import { checkXml } from './xml-guard.ts';

const head = '<?xml version="1.0"?>';
const definitions = (content: string) =>
  `${head}<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">${content}</bpmn:definitions>`;
const repeat = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, index) => make(index)).join('');

/** Files that are small to send and dear to parse. */
const hostile: [what: string, xml: string, code: string][] = [
  [
    'an internal DTD with nested entities',
    `${head}<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${definitions('&b;').slice(head.length)}`,
    'XML_DOCTYPE',
  ],
  ['an external DTD', `${head}<!DOCTYPE d SYSTEM "http://localhost:9/x.dtd">${definitions('').slice(head.length)}`, 'XML_DOCTYPE'],
  [
    'an external entity',
    `${head}<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${definitions('&x;').slice(head.length)}`,
    'XML_DOCTYPE',
  ],
  ['an entity without DOCTYPE', definitions('<!ENTITY a "b">'), 'XML_DOCTYPE'],
  ['a lower-case doctype', `${head}<!doctype d>${definitions('').slice(head.length)}`, 'XML_DOCTYPE'],
  ['a doctype after a comment with quotes', `${head}<!-- ' " --><!DOCTYPE d>${definitions('').slice(head.length)}`, 'XML_DOCTYPE'],
  ['3,000 namespaces', `${head}<a ${repeat(3_000, (i) => `xmlns:n${i}="u${i}" `)}/>`, 'XML_TOO_MANY_NAMESPACES'],
  ['3,000 nested namespaces', head + repeat(3_000, (i) => `<n${i}:a xmlns:n${i}="u">`), 'XML_TOO_MANY_NAMESPACES'],
  ['100,000 nested sub-processes', definitions(repeat(100_000, () => '<bpmn:subProcess>')), 'XML_TOO_DEEP'],
  ['33 levels', definitions(`${repeat(33, () => '<a>')}${repeat(33, () => '</a>')}`), 'XML_TOO_DEEP'],
  ['50,000 tasks', definitions(repeat(50_000, (i) => `<bpmn:task id="t${i}"/>`)), 'XML_TOO_MANY_ELEMENTS'],
  ['3 MB of entities', definitions(repeat(600_000, () => '&amp;')), 'XML_TOO_LARGE'],
  ['3 MB in three-byte characters', definitions(repeat(1_000_000, () => '松')), 'XML_TOO_LARGE'],
  ['a NUL character', definitions('\0'), 'XML_MALFORMED'],
  ['a tag that never closes', `${head}<bpmn:definitions id="`, 'XML_MALFORMED'],
  ['a comment that never closes', `${head}<!-- `, 'XML_MALFORMED'],
  ['no XML at all', 'PK\u0003\u0004 binary', 'XML_MALFORMED'],
  ['an empty file', '', 'XML_MALFORMED'],
  ['another root', '<html/>', 'XML_NOT_UNDERSTOOD'],
];

describe('compileProcesses', () => {
  before(() => compileProcesses(definitions('')));

  for (const [what, xml, code] of hostile) {
    describe(`when the file is hostile: ${what}`, () => {
      it('refuses it within half a second', async () => {
        const startedAt = performance.now();
        const { models, problems } = await compileProcesses(xml);
        const elapsed = performance.now() - startedAt;
        assert.deepEqual(models, []);
        assert.ok(problems.length > 0);
        if (code !== 'XML_NOT_UNDERSTOOD') assert.equal(problems[0]?.code, code);
        assert.ok(elapsed < 500, `took ${elapsed} ms`);
      });
    });
  }
});

describe('checkXml', () => {
  describe('when markup characters stand where they mean nothing', () => {
    it('lets them pass', () => {
      const xml = definitions('<a b=">" c=\'<!DOCTYPE\'/><!-- <!DOCTYPE x> <a> --><![CDATA[<!ENTITY <a><b>]]><?pi <!DOCTYPE?>');
      assert.equal(checkXml(xml), null);
    });
  });

  describe('when a file is just within the limits', () => {
    it('lets it pass', () => {
      assert.equal(checkXml(definitions(`${repeat(31, () => '<a>')}${repeat(31, () => '</a>')}`)), null);
      assert.equal(checkXml(definitions(repeat(4_999, () => '<a/>'))), null);
    });
  });
});
