import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { FormData, JsonSchema, UiElement } from '#forms/runtime/form.ts';
import { ACCESS, accessTo, type Permissions } from '#forms/runtime/permissions.ts';
import { planFields } from '#forms/runtime/plan-fields.ts';
import { getAt, sameJson } from '#forms/runtime/pointers.ts';
import { aForm, aFormsService } from '#test/support/form-builder.ts';
import { createFormAnswers } from '#test/support/form-answers.ts';
import type { FormsService, LoadedForm, StoredForm } from './forms-service.ts';

describe('forms service', () => {
  const stored: StoredForm[] = [];
  let service: FormsService;
  let form: LoadedForm;

  before(async () => {
    service = await aFormsService(stored);
    const prepared = await service.prepare(aForm());
    assert.deepEqual(prepared.problems, []);
    stored.push(prepared.form as StoredForm);
    form = await service.load(prepared.form as StoredForm);
  });
  after(() => service.close());

  const valid = { elderName: '张桂兰', kind: 'bath' };
  const pointers = (submission: { errors: { pointer: string; keyword: string }[] }) =>
    submission.errors.map(({ pointer, keyword }) => `${pointer} ${keyword}`);

  describe('when a valid form is submitted', () => {
    it('gives the changed variables', () => {
      const { data, errors } = form.accept({ kind: 'bath', area: 'x' }, { ...valid, score: 3 }, {}, 'zh-CN');
      assert.deepEqual({ data, errors }, { data: { elderName: '张桂兰', score: 3 }, errors: [] });
    });
    it('sets a cleared field to null', () => {
      assert.deepEqual(form.accept({ ...valid, phone: '13812345678', score: 2 }, { phone: '', score: null }, {}, 'en'), {
        data: { phone: null, score: null },
        errors: [],
      });
    });
    it('lays a nested field over the variable it belongs to', () => {
      const previous = { ...valid, address: { street: 'A', door: '1' } };
      const { data } = form.accept(previous, { address: { street: 'B' } }, { 'address/door': 'hidden' }, 'en');
      assert.deepEqual(data, { address: { street: 'B', door: '1' } });
    });
  });

  describe('when the submission is forged', () => {
    it('refuses a hidden field even when it guesses the value', () => {
      const previous = { ...valid, phone: '13812345678' };
      assert.deepEqual(pointers(form.accept(previous, { phone: '13812345678' }, { phone: 'hidden' }, 'en')), ['/phone hidden']);
    });
    it('refuses a changed read-only field and takes an unchanged one', () => {
      const previous = { ...valid, score: 2 };
      assert.deepEqual(pointers(form.accept(previous, { score: 5 }, { score: 'readonly' }, 'en')), ['/score readOnly']);
      assert.deepEqual(form.accept(previous, { score: 2 }, { score: 'readonly' }, 'en'), { data: {}, errors: [] });
    });
    it('refuses fields without a control, unknown fields, and names that reach prototypes', () => {
      const forged = JSON.parse(
        '{"candidates":[{"id":"1"}],"approved":true,"__proto__":{"x":1},"needs":[{"constructor":1}],"address":{"zip":1}}',
      );
      assert.deepEqual(pointers(form.accept(valid, forged, {}, 'en')).sort(), [
        '/__proto__ unknown',
        '/address/zip unknown',
        '/approved unknown',
        '/candidates readOnly',
        '/needs unknown',
      ]);
    });
    it('refuses floods at once', () => {
      let deep: unknown = 'x';
      for (let level = 0; level < 5000; level++) deep = [deep];
      const floods = [
        { needs: Array.from({ length: 200_000 }, () => 'x') },
        Object.fromEntries(Array.from({ length: 50_000 }, (_none, index) => [`f${index}`, 1])),
        { reason: deep },
      ];
      for (const flood of floods) {
        const startedAt = performance.now();
        const { errors } = form.accept(valid, flood, {}, 'en');
        assert.ok(errors.length > 0 && errors.length <= 200);
        assert.ok(performance.now() - startedAt < 500);
      }
    });
    it('refuses what is no object', () => {
      for (const submitted of [null, [], 'x', 1, undefined]) assert.deepEqual(pointers(form.accept(valid, submitted, {}, 'en')), [' type']);
    });
  });

  describe('when rules speak', () => {
    it('drops the value of a field that a rule hides', () => {
      assert.deepEqual(form.accept({}, { ...valid, reason: 'why' }, {}, 'en').data, valid);
      assert.equal(form.accept({}, { elderName: '张桂兰', kind: 'other', reason: 'why' }, {}, 'en').data['reason'], 'why');
    });
    it('drops the value of a field that a rule disables', () => {
      assert.deepEqual(form.accept({}, { ...valid, urgent: true, score: 9 }, {}, 'en'), { data: { ...valid, urgent: true }, errors: [] });
    });
    it('does not ask for a required field that a rule hides', () => {
      assert.deepEqual(pointers(form.accept({}, valid, { reason: 'required' }, 'en')), []);
      assert.deepEqual(pointers(form.accept({}, { ...valid, kind: 'other' }, { reason: 'required' }, 'en')), ['/reason required']);
    });
  });

  describe('when something is missing or wrong', () => {
    it('says so per field, in the field order of the form, with its own words first', () => {
      const { data, errors } = form.accept({}, { elderName: ' ', score: 9, needs: ['walk', 'walk'] }, {}, 'zh-CN');
      assert.deepEqual(data, {});
      assert.deepEqual(errors, [
        { pointer: '/elderName', keyword: 'required', message: '请填写老人姓名' },
        { pointer: '/kind', keyword: 'required', message: '请填写此项' },
        { pointer: '/score', keyword: 'maximum', message: '不能大于 5' },
        { pointer: '/needs', keyword: 'uniqueItems', message: '有重复的项' },
      ]);
    });
    it('keeps quiet about errors in fields that this user cannot repair', () => {
      const previous = { ...valid, phone: 'wrong', score: 99 };
      assert.deepEqual(pointers(form.accept(previous, { urgent: false }, { phone: 'hidden', score: 'readonly' }, 'en')), []);
    });
  });

  describe('when data is sent to a browser', () => {
    it('holds the fields of the form that are not hidden, and nothing else', () => {
      const data = { ...valid, phone: '13812345678', secret: 1, address: { street: 'A', door: '1' } };
      assert.deepEqual(form.dataFor(data, { phone: 'hidden', 'address/door': 'hidden' }), { ...valid, address: { street: 'A' } });
    });
  });

  describe('when browsers ask for files', () => {
    it('serves the definition, the module and the modules it imports, none of them with eval', async () => {
      const { definitionUrl, moduleUrl } = service.urls(form.hash);
      const definition = await service.asset(definitionUrl.replace('/api/forms/', ''));
      assert.deepEqual(JSON.parse(definition.body), aForm());
      const module = await service.asset(moduleUrl.replace('/api/forms/', '').replace(/\?.*/, ''));
      const imports = [...module.body.matchAll(/from "\.\/([\da-f]{64}\.js)"/g)].map((match) => match[1] ?? '');
      assert.equal(imports.length, 2);
      const folder = await mkdtemp(join(tmpdir(), 'songbai-assets-'));
      for (const file of [`${form.hash}.js`, ...imports]) {
        const { type, body } = await service.asset(file);
        assert.equal(type, 'text/javascript');
        await writeFile(join(folder, file), body);
      }
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const script = `import { validate } from './${form.hash}.js'; console.log(validate({ elderName: '张桂兰', kind: 'bath' }), validate({ phone: 'x' }));`;
      const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script];
      const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder });
      await rm(folder, { recursive: true });
      assert.equal(stdout, 'true false\n');
    });
    it('knows no other files', async () => {
      for (const file of ['../package.json', `${'0'.repeat(64)}.js`, `${form.hash}.ts`, '']) {
        await assert.rejects(service.asset(file), { status: 404 });
      }
    });
    it('generates a module of an earlier release again', async () => {
      const old = { ...(stored[0] as StoredForm), hash: 'f'.repeat(64), module: 'import { equal } from "./gone.js";' };
      const again = await service.load(old);
      assert.deepEqual(again.accept({}, valid, {}, 'en').data, valid);
    });
  });

  describe('when tasks ask in terms of variables', () => {
    it('prefills, and gives typed variables back', async () => {
      const find = async (hash: string) => stored.map((one) => ({ ...one, tenant: '' })).find((one) => one.hash === hash) ?? null;
      const answers = createFormAnswers({ forms: service, find, findByKey: async () => null });
      const reference = { key: 'visit', version: 1, hash: form.hash };
      const variables = { elderName: { type: 'String', value: '张桂兰' }, other: { type: 'Integer', value: 1 } } as const;
      const input = { variables, access: { phone: 'hiden' }, locale: 'en' } as const;
      assert.deepEqual(await answers.prefill(reference, input), { data: { elderName: '张桂兰' }, permissions: { phone: 'hidden' } });
      assert.deepEqual(await answers.accept(reference, { ...input, submitted: { kind: 'bath', needs: ['walk'] } }), {
        variables: { kind: { type: 'String', value: 'bath' }, needs: { type: 'Json', value: ['walk'] } },
        errors: [],
      });
      const shared = /"\.\/([\da-f]{64})\.js"/.exec(stored[0]?.module ?? '')?.[1] ?? '';
      assert.match((await answers.formByHash(shared))?.module ?? '', /export/);
    });
  });

  describe('property: whatever is submitted', () => {
    it('a hidden, read-only or rule-hidden field never changes, and accepted data is valid', () => {
      const names = ['elderName', 'kind', 'reason', 'urgent', 'score', 'phone', 'needs', 'address', 'address/door', '*'];
      const permissions = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...ACCESS));
      const value = fc.oneof(fc.constantFrom('other', 'bath', '张桂兰', '', true, false, 3, null), fc.jsonValue({ maxDepth: 2 }));
      const mostly = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 15, arbitrary: good }, { weight: 1, arbitrary: value });
      const data = fc.record(
        {
          elderName: mostly(fc.constantFrom('张桂兰', '李明')),
          kind: mostly(fc.constantFrom('bath', 'other')),
          reason: mostly(fc.constantFrom('why', 'because', '')),
          urgent: mostly(fc.boolean()),
          score: mostly(fc.integer({ min: 1, max: 5 })),
          phone: mostly(fc.constantFrom('13812345678', null)),
          needs: mostly(fc.subarray(['walk', 'talk'])),
          address: mostly(fc.record({ street: fc.constantFrom('A', 'B'), door: fc.constantFrom('1', '2', null) }, { requiredKeys: [] })),
        },
        { requiredKeys: ['elderName', 'kind'] },
      );
      let accepted = 0;
      fc.assert(
        fc.property(data, data, permissions, (previous: FormData, submitted: FormData, given: Permissions) => {
          const { data: changed, errors } = form.accept(previous, submitted, given, 'en');
          if (errors.length > 0) return assert.deepEqual(changed, {});
          accepted++;
          const after = { ...previous, ...changed };
          const states = planFields(form.plan, after, given);
          for (const [pointer, state] of states) {
            const isFixed = ['hidden', 'readonly'].includes(accessTo(given, pointer)) || !state.visible || !state.enabled;
            if (isFixed) assert.ok(sameJson(getAt(after, pointer), getAt(previous, pointer)), `${pointer} changed`);
          }
        }),
        { numRuns: 3000 },
      );
      assert.ok(accepted > 100, `only ${accepted} runs were accepted`);
    });
  });
});

describe('rules that depend on each other', () => {
  it('end in the same state on both sides: a value that is hidden does not count', async () => {
    // given: b shows when a is 1, c shows when b is 1
    const control = (name: string, on?: string): UiElement => ({
      type: 'Control',
      scope: `#/properties/${name}`,
      ...(on ? { rule: { effect: 'SHOW', condition: { scope: `#/properties/${on}`, schema: { const: 1 } } } } : {}),
    });
    const properties: Record<string, JsonSchema> = { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } };
    const fields = { '/a': { title: 'A' }, '/b': { title: 'B' }, '/c': { title: 'C' } };
    const service = await aFormsService();
    const ui: UiElement = { type: 'VerticalLayout', elements: [control('c', 'b'), control('b', 'a'), control('a')] };
    const { form, problems } = await service.prepare(aForm({ schema: { properties, required: ['c'] }, ui, fields }));
    assert.deepEqual(problems, []);
    const loaded = await service.load(form as StoredForm);
    const accept = (data: FormData) => loaded.accept({}, data, {}, 'en');
    // when / then
    assert.deepEqual(accept({ a: 1, b: 1, c: 5 }).data, { a: 1, b: 1, c: 5 });
    assert.deepEqual(accept({ a: 2, b: 1, c: 5 }).data, { a: 2 });
    assert.deepEqual(
      accept({ a: 1, b: 1 }).errors.map((error) => error.pointer),
      ['/c'],
    );
    await service.close();
  });
});
