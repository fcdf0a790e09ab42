import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { miwg } from '#test/support/miwg.ts';
import { xmlDifferences, xmlTree } from '#test/support/xml-tree.ts';

/** The reference models of the BPMN Model Interchange Working Group: what is imported is exported again, drawings and extensions included. */
describe('MIWG reference models', function () {
  if (!existsSync(miwg.folder)) {
    it('import and export without loss (the models are not there: set SONGBAI_CONFORMANCE_DIR)');
    return;
  }
  let passed = 0;
  let elements = 0;

  for (const file of miwg.files()) {
    it(`${file} is imported and exported without loss`, async () => {
      const result = await miwg.roundTrip(miwg.read(file));
      assert.deepEqual(result.lost, []);
      passed++;
      elements += result.elements;
    });
  }

  describe('when something is lost on the way', () => {
    const losses: [what: string, change: (xml: string) => string][] = [
      ['an attribute', (xml) => xml.replace(/(:task [^>]*)name="[^"]*"/, '$1')],
      ['an element', (xml) => xml.replace(/<semantic:endEvent[\s\S]*?<\/semantic:endEvent>/, '')],
      ['a coordinate', (xml) => xml.replace(/(<dc:Bounds [^>]*)x="/, '$1x="9')],
      ['the order of two waypoints', (xml) => xml.replace(/(<di:waypoint[^>]*\/>)(\s*)(<di:waypoint[^>]*\/>)/, '$3$2$1')],
      ['a text', (xml) => xml.replace(/:incoming>[^<]*</, ':incoming>other<')],
    ];
    for (const [what, change] of losses) {
      it(`finds that ${what} changed`, () => {
        const xml = miwg.read('A.1.0.bpmn');
        assert.ok(change(xml) !== xml);
        assert.notDeepEqual(xmlDifferences(xmlTree(xml), xmlTree(change(xml))), []);
      });
    }
  });

  after(() => process.stdout.write(`      MIWG: ${passed} of ${miwg.files().length} models, ${elements} elements\n`));
});
