import assert from 'node:assert/strict';
import type { ProcessModel } from '#engine/core/model.ts';
import { compileProcesses } from './compile-process.ts';

const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const flows = (...ids: string[]) =>
  ids
    .slice(1)
    .map((id, at) => flow(ids[at] as string, id))
    .join('');
const association = (from: string, to: string) => `<bpmn:association id="a-${from}" sourceRef="${from}" targetRef="${to}"/>`;
const undo = (attributes = '') => `<bpmn:compensateEventDefinition ${attributes}/>`;
const boundary = (id: string, host: string, definition = undo()) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}">${definition}</bpmn:boundaryEvent>`;
const handler = (id: string) => `<bpmn:userTask id="${id}" isForCompensation="true"/>`;
const cancel = '<bpmn:cancelEventDefinition/>';

const bpmn = (content: string, roots = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">${roots}
<bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;

/** A booking that `undo` takes back; `more` stands beside it. */
const booking = ({ more = '', throwing = undo(), link = association('on', 'unbook'), after = '' } = {}) =>
  bpmn(
    `<bpmn:startEvent id="s"/><bpmn:userTask id="book"/>${boundary('on', 'book')}${handler('unbook')}
    <bpmn:intermediateThrowEvent id="undo">${throwing}</bpmn:intermediateThrowEvent><bpmn:endEvent id="e"/>
    ${flows('s', 'book', 'undo', 'e')}${more}${link}`,
    after,
  );

/** A sub-process around a task, with `inside` beside the task. */
const scope = (inside: string, type = 'subProcess', end = '') =>
  `<bpmn:${type} id="sub"><bpmn:startEvent id="s2"/><bpmn:userTask id="work"/><bpmn:endEvent id="e2">${end}</bpmn:endEvent>${flows('s2', 'work', 'e2')}${inside}</bpmn:${type}>`;
const around = (content: string, more = '') =>
  bpmn(`<bpmn:startEvent id="s"/>${content}<bpmn:endEvent id="e"/>${flows('s', 'sub', 'e')}${more}`);
const onUndo = (id: string, attributes = '', inside = '') =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true" ${attributes}><bpmn:startEvent id="on-${id}">${undo()}</bpmn:startEvent><bpmn:userTask id="in-${id}"/><bpmn:endEvent id="end-${id}"/>${flows(`on-${id}`, `in-${id}`, `end-${id}`)}${inside}</bpmn:subProcess>`;

async function compiled(xml: string): Promise<ProcessModel> {
  const { models, problems } = await compileProcesses(xml);
  assert.deepEqual(problems, []);
  return models[0]?.model as ProcessModel;
}
const problemsOf = async (xml: string) => (await compileProcesses(xml)).problems.map(({ code, elementId }) => `${code} ${elementId}`);
const element = (model: ProcessModel, id: string) => model.elements[model.indexById[id] as number];

describe('compiling compensation', () => {
  it('connects an activity with what undoes it', async () => {
    const model = await compiled(booking());
    assert.equal(element(model, 'book')?.compensationHandler, model.indexById['unbook']);
    assert.equal(element(model, 'unbook')?.isForCompensation, true);
  });

  it('finds the association wherever the modeller put it', async () => {
    const collaboration = `<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/>${association('on', 'unbook')}</bpmn:collaboration>`;
    const inSub = around(scope(`${boundary('on', 'work')}${handler('unbook')}`), association('on', 'unbook'));
    const inPool = await compiled(booking({ link: '', after: collaboration }));
    assert.equal(element(inPool, 'book')?.compensationHandler, inPool.indexById['unbook']);
    const outside = await compiled(inSub);
    assert.equal(element(outside, 'work')?.compensationHandler, outside.indexById['unbook']);
  });

  it('keeps what a throwing event names, and whether it waits', async () => {
    const all = await compiled(booking());
    assert.deepEqual((element(all, 'undo') as { event?: unknown }).event, { type: 'compensation', waitForCompletion: true });
    const one = await compiled(booking({ throwing: undo('activityRef="book" waitForCompletion="false"') }));
    const activityRef = one.indexById['book'];
    assert.deepEqual((element(one, 'undo') as { event?: unknown }).event, { type: 'compensation', activityRef, waitForCompletion: false });
  });

  it('takes a compensation event sub-process, also one that is marked for compensation', async () => {
    const model = await compiled(around(scope(onUndo('sorry', 'isForCompensation="true"'))));
    assert.equal(element(model, 'sorry')?.isForCompensation, undefined);
  });

  it('takes a transaction with its cancel events', async () => {
    const model = await compiled(
      around(scope('', 'transaction', cancel), `${boundary('canceled', 'sub', cancel)}<bpmn:endEvent id="e3"/>${flow('canceled', 'e3')}`),
    );
    assert.equal(element(model, 'sub')?.type, 'bpmn:Transaction');
    assert.deepEqual((element(model, 'e2') as { event?: unknown }).event, { type: 'cancel' });
  });
});

describe('compensation that cannot work', () => {
  const cases: [situation: string, xml: string, problems: string[]][] = [
    ['no association', booking({ link: '' }), ['COMPENSATION_HANDLER_UNUSED unbook', 'COMPENSATION_UNHANDLED on']],
    [
      'an association to a handler of another level',
      around(scope(handler('unbook')), `${boundary('on', 'sub')}${association('on', 'unbook')}`),
      ['COMPENSATION_HANDLER_MISSING on', 'COMPENSATION_HANDLER_UNUSED unbook'],
    ],
    [
      'an association to an activity that is not for compensation',
      booking({ link: association('on', 'book') }),
      ['COMPENSATION_HANDLER_MISSING on', 'COMPENSATION_HANDLER_UNUSED unbook'],
    ],
    ['a flow out of the handler', booking({ more: flow('unbook', 'e') }), ['COMPENSATION_HANDLER_FLOW unbook']],
    ['a flow out of the boundary event', booking({ more: flow('on', 'e') }), ['COMPENSATION_FLOW on']],
    [
      'two ways to undo one activity',
      booking({ more: `${boundary('on2', 'book')}${handler('unbook2')}${association('on2', 'unbook2')}` }),
      ['COMPENSATION_AMBIGUOUS on2', 'COMPENSATION_HANDLER_UNUSED unbook2'],
    ],
    [
      'a handler beside a sub-process that undoes itself',
      around(scope(onUndo('sorry')), `${boundary('on', 'sub')}${handler('unbook')}${association('on', 'unbook')}`),
      ['COMPENSATION_AMBIGUOUS sorry'],
    ],
    ['a compensation event sub-process of the process', booking({ more: onUndo('sorry') }), ['COMPENSATION_OF_PROCESS sorry']],
    [
      'a throwing event that names an activity of another level',
      around(
        scope(
          `<bpmn:intermediateThrowEvent id="undo">${undo('activityRef="sub"')}</bpmn:intermediateThrowEvent>${flows('work', 'undo', 'e2')}`,
        ),
      ),
      ['COMPENSATION_ACTIVITY undo'],
    ],
    ['a throwing event that names no activity', booking({ throwing: undo('activityRef="e"') }), ['COMPENSATION_ACTIVITY undo']],
    ['a cancel end event outside a transaction', around(scope('', 'subProcess', cancel)), ['CANCEL_OUTSIDE_TRANSACTION e2']],
    ['a cancel end event without a cancel boundary event', around(scope('', 'transaction', cancel)), ['CANCEL_BOUNDARY_MISSING e2']],
    [
      'two cancel boundary events',
      around(
        scope('', 'transaction', cancel),
        `${boundary('one', 'sub', cancel)}${boundary('two', 'sub', cancel)}<bpmn:endEvent id="e3"/>${flow('one', 'e3')}${flow('two', 'e3')}`,
      ),
      ['CANCEL_AMBIGUOUS two'],
    ],
    [
      'a cancel boundary event on a plain sub-process',
      around(scope(''), `${boundary('one', 'sub', cancel)}<bpmn:endEvent id="e3"/>${flow('one', 'e3')}`),
      ['CANCEL_OUTSIDE_TRANSACTION one'],
    ],
  ];
  for (const [situation, xml, problems] of cases) {
    it(`is reported: ${situation}`, async () => {
      assert.deepEqual(await problemsOf(xml), problems);
    });
  }

  it('is not: a throwing event in an event sub-process that names an activity around it', async () => {
    const throwing = `<bpmn:intermediateThrowEvent id="again">${undo('activityRef="work"')}</bpmn:intermediateThrowEvent>`;
    const inside = onUndo('sorry', '', throwing).replace(flow('in-sorry', 'end-sorry'), flows('in-sorry', 'again', 'end-sorry'));
    assert.deepEqual(await problemsOf(around(scope(inside))), []);
  });
});
