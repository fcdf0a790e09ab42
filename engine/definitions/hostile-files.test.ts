import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createCompiler } from './compiler.ts';
import type { Compiler } from './compiler.ts';

const head = '<?xml version="1.0"?>';
const definitions = (content: string) =>
  `${head}<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d">${content}</bpmn:definitions>`;
/** With a task that does nothing, so that no file can be deployed. */
const process_ = (content: string) =>
  definitions(`<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:serviceTask id="x"/>${content}</bpmn:process>`);
const withDtd = (dtd: string, content = '') => definitions(content).replace(head, head + dtd);
const repeat = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, index) => make(index)).join('');
const flow = (from: string, to: string, id: string) => `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"/>`;
const tasks = (count: number) => repeat(count, (i) => `<bpmn:task id="t${i}"/>`);
const onFlow = (condition: string) =>
  process_(
    `<bpmn:task id="t"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
  );
/** Replaced by the address of a server that nobody may call. */
const TRAP = 'http://127.0.0.1:0';

/** Small to send and dear to read; what they look for on the network must not be asked for. */
const hostile: [what: string, xml: string, code: string][] = [
  ['entities that multiply', withDtd('<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>', '&c;'), 'XML_DOCTYPE'],
  ['an external DTD', withDtd(`<!DOCTYPE d SYSTEM "${TRAP}/x.dtd">`), 'XML_DOCTYPE'],
  ['an external entity from the network', withDtd(`<!DOCTYPE d [<!ENTITY x SYSTEM "${TRAP}/x">]>`, '&x;'), 'XML_DOCTYPE'],
  ['an external entity from the disk', withDtd('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;'), 'XML_DOCTYPE'],
  ['a parameter entity', withDtd(`<!DOCTYPE d [<!ENTITY % x SYSTEM "${TRAP}/x"> %x;]>`), 'XML_DOCTYPE'],
  ['an entity without DOCTYPE', definitions('<!ENTITY a "b">'), 'XML_DOCTYPE'],
  ['a lower-case doctype', withDtd('<!doctype d>'), 'XML_DOCTYPE'],
  ['a doctype behind a comment with quotes', withDtd('<!-- \' " --><!DOCTYPE d>'), 'XML_DOCTYPE'],
  ['an import from the network', process_('').replace('<bpmn:process', importOf(`${TRAP}/x.bpmn`)), 'IMPLEMENTATION_MISSING'],
  ['a schema from the network', process_('').replace(' id="d"', ` id="d" xsi:schemaLocation="u ${TRAP}/x.xsd"`), 'IMPLEMENTATION_MISSING'],
  ['3,000 namespaces', `${head}<a ${repeat(3_000, (i) => `xmlns:n${i}="u${i}" `)}/>`, 'XML_TOO_MANY_NAMESPACES'],
  ['3,000 nested namespaces', head + repeat(3_000, (i) => `<n${i}:a xmlns:n${i}="u">`), 'XML_TOO_MANY_NAMESPACES'],
  ['100,000 nested sub-processes', definitions('<bpmn:subProcess>'.repeat(100_000)), 'XML_TOO_DEEP'],
  ['50,000 tasks', definitions(tasks(50_000)), 'XML_TOO_MANY_ELEMENTS'],
  [
    'a diagram of 10,000 elements',
    process_(tasks(5_000) + repeat(4_999, (i) => flow(`t${i}`, `t${i + 1}`, `f${i}`))),
    'XML_TOO_MANY_ELEMENTS',
  ],
  ['100,000 attributes', definitions(`<bpmn:task id="x" ${repeat(100_000, (i) => `a${i}="1" `)}/>`), 'XML_TOO_MANY_ATTRIBUTES'],
  ['3 MB of entities', definitions('&amp;'.repeat(600_000)), 'XML_TOO_LARGE'],
  ['3 MB in three-byte characters', definitions('松'.repeat(1_000_000)), 'XML_TOO_LARGE'],
  ['a NUL character', definitions('\0'), 'XML_MALFORMED'],
  ['UTF-16', Buffer.from(definitions('<!DOCTYPE d>'), 'utf16le').toString('utf8'), 'XML_MALFORMED'],
  ['a tag that never closes', `${head}<bpmn:definitions id="`, 'XML_MALFORMED'],
  ['a comment that never closes', `${head}<!-- `, 'XML_MALFORMED'],
  ['no XML at all', 'PK\u0003\u0004 binary', 'XML_MALFORMED'],
  ['an empty file', '', 'XML_MALFORMED'],
  ['another root', '<html/>', 'XML_MALFORMED'],
  ['2 MB of entities in a name', process_(`<bpmn:task id="t" name="${'&amp;'.repeat(400_000)}"/>`), 'IMPLEMENTATION_MISSING'],
  ['200,000 brackets in a condition', onFlow(`\${${'('.repeat(200_000)}1${')'.repeat(200_000)}}`), 'EXPRESSION_TOO_LONG'],
  ['nested brackets in FEEL', onFlow(`=${'('.repeat(1_000)}1${')'.repeat(1_000)}`), 'EXPRESSION_TOO_DEEP'],
  ['4,900 tasks without flows', process_(tasks(4_900)), 'IMPLEMENTATION_MISSING'],
  ['a circle of 2,400 tasks', process_(tasks(2_400) + repeat(2_400, (i) => flow(`t${i}`, `t${(i + 1) % 2_400}`, `f${i}`))), 'IMPLEMENTATION_MISSING'],
  [
    '4,800 flows among 60 tasks',
    process_(tasks(60) + repeat(4_800, (i) => flow(`t${i % 60}`, `t${Math.trunc(i / 80)}`, `f${i}`))),
    'IMPLEMENTATION_MISSING',
  ],
  [
    '500,000 spaces in a timer',
    process_(
      `<bpmn:boundaryEvent id="b" attachedToRef="x" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">a${' '.repeat(500_000)}b</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>`,
    ),
    'TIMER_INVALID',
  ],
  ['1,600 flows into one join', join(1_600), 'IMPLEMENTATION_MISSING'],
  ['600 links of one name', process_(repeat(600, (i) => link('Throw', i) + link('Catch', i))), 'LINK_AMBIGUOUS'],
  ['1,200 processes', definitions(repeat(1_200, (i) => `<bpmn:process id="p${i}" isExecutable="true"/>`)), 'START_EVENT_MISSING'],
  ['2,400 references to nothing', process_(repeat(2_400, (i) => flow(`x${i}`, `y${i}`, `f${i}`))), 'UNRESOLVED_REFERENCE'],
  ['4,900 times the same id', process_('<bpmn:task id="t"/>'.repeat(4_900)), 'DUPLICATE_ID'],
  ['keys of the prototype', process_('<bpmn:task id="__proto__"/><bpmn:task id="constructor"/>'), 'IMPLEMENTATION_MISSING'],
];

function importOf(location: string): string {
  return `<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" namespace="u" location="${location}"/><bpmn:process`;
}

function join(count: number): string {
  const gateways = '<bpmn:parallelGateway id="g"/><bpmn:parallelGateway id="j"/>';
  return process_(
    gateways +
      flow('s', 'g', 'first') +
      repeat(count, (i) => `<bpmn:task id="t${i}"/>${flow('g', `t${i}`, `a${i}`)}${flow(`t${i}`, 'j', `b${i}`)}`),
  );
}

function link(kind: 'Throw' | 'Catch', index: number): string {
  return `<bpmn:intermediate${kind}Event id="${kind}${index}"><bpmn:linkEventDefinition id="l${kind}${index}" name="x"/></bpmn:intermediate${kind}Event>`;
}

/** What a file may cost the server beside the worker: other requests wait no longer. */
const MAIN_THREAD_MS = 100;

describe('hostile files', () => {
  let compiler: Compiler;
  let trap: Server;
  let calls = 0;
  before(async () => {
    compiler = createCompiler();
    await compiler.compileProcesses(definitions(''));
    trap = createServer((socket) => {
      calls++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    trap.close();
    await compiler.close();
  });

  for (const [what, source, code] of hostile) {
    describe(`when a file has ${what}`, () => {
      it(`refuses it as ${code} in time, without the main thread and the network`, async function () {
        this.timeout(20_000);
        // given
        const xml = source.replaceAll(TRAP, `http://127.0.0.1:${(trap.address() as AddressInfo).port}`);
        const cpu = process.threadCpuUsage();
        const startedAt = performance.now();
        // when
        const { models, problems } = await compiler.compileProcesses(xml);
        // then
        const elapsed = performance.now() - startedAt;
        const { user, system } = process.threadCpuUsage(cpu);
        assert.deepEqual(models, []);
        assert.ok(
          problems.some((problem) => problem.code === code && problem.severity === 'error'),
          JSON.stringify(problems.slice(0, 3)),
        );
        assert.ok(problems.length <= 301);
        assert.ok(elapsed < 2_500, `took ${elapsed} ms`);
        assert.ok(user + system < MAIN_THREAD_MS * 1_000, `took ${(user + system) / 1_000} ms of the main thread`);
        assert.equal(calls, 0);
      });
    });
  }
});
