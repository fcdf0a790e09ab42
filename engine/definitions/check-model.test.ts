import assert from 'node:assert/strict';
import { compileProcesses } from './compile-process.ts';

const definitions = (content: string, roots = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
${roots}${content}</bpmn:definitions>`;
const executable = (content: string) => `<bpmn:process id="p" isExecutable="true">${content}</bpmn:process>`;
const formal = 'xsi:type="bpmn:tFormalExpression"';

/** Elements by their ids, `flows` as `from>to` or `from>to?condition`: `model({ s: 'startEvent', e: 'endEvent' }, 's>e')`. */
function model(elements: Record<string, string>, flows: string): string {
  const nodes = Object.entries(elements).map(([id, markup]) => {
    const [type = '', attributes = '', content = ''] = markup.split('|');
    return `<bpmn:${type} id="${id}" ${attributes}>${content}</bpmn:${type}>`;
  });
  const lines = flows.split(' ').map((flow, index) => {
    const [ends = '', condition] = flow.split('?');
    const [from, to] = ends.split('>');
    const inner = condition === undefined ? '' : `<bpmn:conditionExpression ${formal}>\${${condition}}</bpmn:conditionExpression>`;
    return `<bpmn:sequenceFlow id="f${index}" sourceRef="${from}" targetRef="${to}">${inner}</bpmn:sequenceFlow>`;
  });
  return definitions(executable(nodes.join('') + lines.join('')));
}

const timer = (kind: string, text: string) =>
  `<bpmn:timerEventDefinition><bpmn:${kind} ${formal}>${text}</bpmn:${kind}></bpmn:timerEventDefinition>`;
const told = async (xml: string) =>
  (await compileProcesses(xml)).problems.map(({ code, elementId, severity }) => `${severity} ${code} ${elementId}`);

const ends = { s: 'startEvent', e: 'endEvent' };

describe('deployment warnings', () => {
  describe('when a model has warnings only', () => {
    it('is compiled all the same', async () => {
      const { models, problems } = await compileProcesses(model({ ...ends, lost: 'task' }, 's>e'));
      assert.equal(models[0]?.model.key, 'p');
      assert.deepEqual(problems[0], {
        elementId: 'lost',
        code: 'ELEMENT_ENDS',
        severity: 'warning',
        messages: {
          'zh-CN': '流程在 “lost” 处没有结束事件就结束；请连接到结束事件。',
          en: 'The path ends at "lost" without an end event; connect it to one.',
        },
      });
      assert.equal(problems[1]?.code, 'ELEMENT_UNREACHABLE');
    });
  });

  describe('when a gateway may find no condition that holds', () => {
    const gateway = { ...ends, g: 'exclusiveGateway', a: 'task', b: 'task' };

    it('asks for a default flow', async () => {
      assert.deepEqual(await told(model(gateway, 's>g g>a?x g>b?y a>e b>e')), ['warning DEFAULT_FLOW_MISSING g']);
    });

    it('asks for the condition of a lone flow that has none', async () => {
      assert.deepEqual(await told(model(gateway, 's>g g>a?x g>b a>e b>e')), ['warning CONDITION_LEFT_OUT g']);
    });

    it('is content with one', async () => {
      assert.deepEqual(await told(model({ ...gateway, g: 'exclusiveGateway|default="f2"' }, 's>g g>a?x g>b a>e b>e')), []);
    });
  });

  describe('when a parallel join waits for flows that exclude each other', () => {
    it('warns behind an exclusive split', async () => {
      const xml = model(
        { ...ends, x: 'exclusiveGateway|default="f1"', a: 'task', b: 'task', j: 'parallelGateway' },
        's>x x>a x>b?y a>j b>j j>e',
      );
      assert.deepEqual(await told(xml), ['warning JOIN_DEAD j']);
    });

    it('warns in a loop that leads back into the join', async () => {
      const xml = model({ ...ends, j: 'parallelGateway', a: 'task', x: 'exclusiveGateway|default="f3"' }, 's>j j>a a>x x>e x>j?again');
      assert.deepEqual(await told(xml), ['warning JOIN_DEAD j']);
    });

    it('warns behind a boundary event that interrupts', async () => {
      const elements = { ...ends, a: 'task', b: `boundaryEvent|attachedToRef="a"|${timer('timeDuration', 'PT1H')}`, j: 'parallelGateway' };
      assert.deepEqual(await told(model(elements, 's>a a>j b>j j>e')), ['warning JOIN_DEAD j']);
    });
  });

  describe('when a parallel join can get all its tokens', () => {
    it('says nothing behind a parallel split, also with choices in between', async () => {
      const elements = {
        ...ends,
        p1: 'parallelGateway',
        x: 'exclusiveGateway|default="f3"',
        a: 'task',
        b: 'task',
        m: 'exclusiveGateway',
        j: 'parallelGateway',
      };
      assert.deepEqual(await told(model(elements, 's>p1 p1>x p1>j x>a x>b?y a>m b>m m>j j>e')), []);
    });

    it('says nothing behind an activity with two flows or an event that does not interrupt', async () => {
      assert.deepEqual(
        await told(model({ ...ends, a: 'task', b: 'task', c: 'task', j: 'parallelGateway' }, 's>a a>b a>c b>j c>j j>e')),
        [],
      );
      const elements = {
        ...ends,
        a: 'task',
        b: `boundaryEvent|attachedToRef="a" cancelActivity="false"|${timer('timeDuration', 'PT1H')}`,
        j: 'parallelGateway',
      };
      assert.deepEqual(await told(model(elements, 's>a a>j b>j j>e')), []);
    });
  });

  describe('when a timer repeats while its activity is open', () => {
    const reminder = (cycle: string) =>
      model(
        { ...ends, a: 'task', b: `boundaryEvent|attachedToRef="a" cancelActivity="false"|${timer('timeCycle', cycle)}`, r: 'endEvent' },
        's>a a>e b>r',
      );

    it('asks for an end', async () => {
      assert.deepEqual(await told(reminder('R/PT10M')), ['warning TIMER_ENDLESS b']);
      for (const cron of ['0 0 8 * * ?', '0 0/5 * * * FRI', '0/5 * * * * ?'])
        assert.deepEqual(await told(reminder(cron)), ['warning TIMER_ENDLESS b'], cron);
    });

    it('is content with a number of times, and at the start of a process with any cycle', async () => {
      assert.deepEqual(await told(reminder('R3/PT10M')), []);
      assert.deepEqual(await told(model({ s: `startEvent||${timer('timeCycle', 'R/PT10M')}`, e: 'endEvent' }, 's>e')), []);
    });
  });

  describe('when a process is only drawn', () => {
    it('warns of what would be an error', async () => {
      const drawn =
        '<bpmn:process id="partner"><bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/><bpmn:sequenceFlow id="back" sourceRef="e2" targetRef="s2"/></bpmn:process>';
      const { models, problems } = await compileProcesses(model(ends, 's>e').replace('</bpmn:definitions>', `${drawn}</bpmn:definitions>`));
      assert.equal(models.length, 1);
      assert.deepEqual(new Set(problems.map(({ severity }) => severity)), new Set(['warning']));
      assert.ok(problems.some(({ code }) => code === 'FLOW_INTO_START'));
    });
  });

  describe('when a file imports another', () => {
    const importing = (location: string) =>
      model(ends, 's>e').replace(
        '<bpmn:process',
        `<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="${location}" namespace="u"/><bpmn:process`,
      );

    it('looks for it in the same deployment and nowhere else', async () => {
      const { problems } = await compileProcesses(importing('other.bpmn'));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['IMPORT_MISSING'],
      );
      const other = model(ends, 's>e').replace('targetNamespace="t"', 'targetNamespace="u"');
      const found = await compileProcesses(importing('other.bpmn'), { otherFile: (name) => (name === 'other.bpmn' ? other : undefined) });
      assert.deepEqual(found.problems, []);
      assert.deepEqual(await told(importing('http://localhost:9/x.bpmn')), []);
    });

    it('warns of ids that both files use in one namespace', async () => {
      const { problems } = await compileProcesses(importing('other.bpmn'), { otherFile: () => model(ends, 's>e') });
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['IMPORT_ID_CLASH'],
      );
    });
  });
});
