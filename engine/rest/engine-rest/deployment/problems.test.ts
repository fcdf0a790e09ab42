import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const ORDER = readFileSync(new URL('../order.bpmn', import.meta.url), 'utf8');
const lost = ORDER.replace('</bpmn:process>', '<bpmn:task id="lost" /></bpmn:process>');

interface Wire {
  type?: string;
  warnings?: { resource: string; elementId: string; code: string; severity: string; message: string }[];
  details?: Record<string, { errors: { mainElementId: string }[]; warnings: { mainElementId: string; message: string }[] }>;
}

describe('POST /engine-rest/deployment/create', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await createTestServer();
  });
  after(() => server.stop());

  async function deploy(xml: string): Promise<{ status: number; body: Wire }> {
    const form = new FormData();
    form.set('data', new Blob([xml]), 'order.bpmn');
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
    return { status: answer.status, body: (await answer.json()) as Wire };
  }

  describe('when a model has warnings only', () => {
    it('deploys it and lists them beyond Camunda’s answer', async () => {
      const { status, body } = await deploy(lost);
      assert.equal(status, 200);
      const found = body.warnings?.find(({ code }) => code === 'ELEMENT_UNREACHABLE');
      assert.deepEqual([found?.resource, found?.elementId, found?.severity], ['order.bpmn', 'lost', 'warning']);
    });

    it('leaves the answer as Camunda’s when there are none', async () => {
      const { status, body } = await deploy(ORDER);
      assert.equal(status, 200);
      assert.equal('warnings' in body, false);
    });
  });

  describe('when a model has errors and warnings', () => {
    it('tells them apart in Camunda’s details', async () => {
      const { status, body } = await deploy(lost.replace('camunda:topic="score"', ''));
      assert.equal(status, 400);
      const details = body.details?.['order.bpmn'];
      assert.deepEqual(
        details?.errors.map(({ mainElementId }) => mainElementId),
        ['score'],
      );
      assert.ok(details?.warnings.some(({ mainElementId }) => mainElementId === 'lost'));
    });
  });

  describe('when a file is hostile', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) => `<bpmn:task id="t${index}"/>`).join('');
    for (const [what, xml] of [
      ['a DTD', ORDER.replace('<bpmn:definitions', '<!DOCTYPE d [<!ENTITY a "b">]><bpmn:definitions')],
      ['10,000 elements', ORDER.replace('</bpmn:process>', `${tasks}</bpmn:process>`)],
      ['9 MB', ORDER.replace('</bpmn:process>', `<!--${' '.repeat(9_000_000)}--></bpmn:process>`)],
    ] as const) {
      it(`refuses ${what} as a parse error`, async () => {
        const { status, body } = await deploy(xml);
        assert.equal(status, 400);
        assert.equal(body.type, 'ParseException');
      });
    }
  });
});
