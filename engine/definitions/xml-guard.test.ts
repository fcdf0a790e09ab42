import assert from 'node:assert/strict';
import { checkXml, xmlLimits } from './xml-guard.ts';

const definitions = (content: string) =>
  `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">${content}</bpmn:definitions>`;

describe('checkXml', () => {
  describe('when markup characters stand where they mean nothing', () => {
    it('lets them pass', () => {
      const xml = definitions('<a b=">" c=\'<!DOCTYPE\'/><!-- <!DOCTYPE x> <a> --><![CDATA[<!ENTITY <a><b>]]><?pi <!DOCTYPE?>');
      assert.equal(checkXml(xml), null);
    });
  });

  describe('when a file is just within the limits', () => {
    it('lets it pass', () => {
      assert.equal(checkXml(definitions(`${'<a>'.repeat(xmlLimits.depth - 1)}${'</a>'.repeat(xmlLimits.depth - 1)}`)), null);
      assert.equal(checkXml(definitions('<a/>'.repeat(xmlLimits.elements - 1))), null);
      // Each has a value, as have the two of the root.
      assert.equal(checkXml(definitions(`<a ${'b="" '.repeat(xmlLimits.attributes - 2)}/>`)), null);
    });
  });

  describe('when a file is just over a limit', () => {
    it('names the limit', () => {
      const codeOf = (xml: string) => checkXml(xml)?.code;
      assert.equal(codeOf(definitions(`${'<a>'.repeat(xmlLimits.depth)}${'</a>'.repeat(xmlLimits.depth)}`)), 'XML_TOO_DEEP');
      assert.equal(codeOf(definitions('<a/>'.repeat(xmlLimits.elements))), 'XML_TOO_MANY_ELEMENTS');
      assert.equal(codeOf(definitions(`<a ${'b="" '.repeat(xmlLimits.attributes - 1)}/>`)), 'XML_TOO_MANY_ATTRIBUTES');
      assert.equal(codeOf(definitions(`<a ${'xmlns:b="" '.repeat(xmlLimits.namespaces)}/>`)), 'XML_TOO_MANY_NAMESPACES');
      assert.equal(codeOf(definitions(' '.repeat(xmlLimits.bytes))), 'XML_TOO_LARGE');
    });
  });
});
