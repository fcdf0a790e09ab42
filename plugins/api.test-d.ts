import { definePlugin } from './api.ts';

/** What the compiler must refuse; `npm run types` fails when it does not. */
interface Options {
  phone: string;
}

export const right = definePlugin<Options>({
  hooks: {
    serviceTask: () => ({ run: ({ options }) => Promise.resolve({ kind: 'completed', output: { to: options.phone } }), dispose() {} }),
  },
});

// @ts-expect-error an unknown kind of hook
export const unknownKind = definePlugin({ hooks: { coffeeMaker: () => ({}) } });

// @ts-expect-error a hook that is no factory
export const noFactory = definePlugin({ hooks: { serviceTask: { run: () => Promise.resolve({ kind: 'completed' }) } } });

// @ts-expect-error an outcome that there is none of
export const unknownOutcome = definePlugin({ hooks: { serviceTask: () => ({ run: () => Promise.resolve({ kind: 'done' }) }) } });

// @ts-expect-error a BPMN error without its code
export const withoutCode = definePlugin({ hooks: { serviceTask: () => ({ run: () => Promise.resolve({ kind: 'bpmnError' }) }) } });

export const noJson = definePlugin({
  hooks: {
    // @ts-expect-error output that is no JSON
    serviceTask: () => ({ run: () => Promise.resolve({ kind: 'completed', output: { at: new Date() } }) }),
  },
});

export const unknownOption = definePlugin<Options>({
  hooks: {
    // @ts-expect-error an option that the schema does not have
    serviceTask: () => ({ run: ({ options }) => Promise.resolve({ kind: 'completed', output: { to: options.email } }) }),
  },
});
