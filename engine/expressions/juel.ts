import { Failure } from '#engine/core/failure.ts';
import { createBoundedCache } from './bounded-cache.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { executionProperties, functions, variableMethods } from './juel-functions.ts';
import { callMethod, readProperty } from './juel-members.ts';
import { externalTaskProperties, taskMethods, taskProperties } from './juel-tasks.ts';
import { binaryOperators, toBoolean, toText, unaryOperators } from './juel-operators.ts';
import { parseTemplate } from './juel-parser.ts';
import type { JuelNode } from './juel-parser.ts';
import { unknownVariable, variableValue } from './plain-value.ts';

export type Evaluator = (scope: ExpressionScope) => unknown;

const compiled = createBoundedCache<Evaluator>(2_000);

/** Camunda 7's `${…}`, `#{…}` and templates, compiled once to closures. @throws JuelSyntaxError, or Failure for unknown functions */
export function compileJuel(source: string): Evaluator {
  return compiled.get(source, () => {
    const parts = parseTemplate(source).map((part) => (typeof part === 'string' ? () => part : compile(part)));
    const [first] = parts;
    if (parts.length === 1 && first) return first;
    return (scope) => parts.map((part) => toText(part(scope))).join('');
  });
}

function compile(node: JuelNode): Evaluator {
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'name':
      return compileName(node.name);
    case 'call':
      return compileCall(node);
    case 'index':
      return compileIndex(node);
    case 'method':
      return compileMethod(node);
    case 'unary': {
      const operand = compile(node.operand);
      const operator = unaryOperators[node.operator] as (value: unknown) => unknown;
      return (scope) => operator(operand(scope));
    }
    case 'binary':
      return compileBinary(node);
    case 'conditional': {
      const [test, yes, no] = [compile(node.test), compile(node.yes), compile(node.no)];
      return (scope) => (toBoolean(test(scope)) ? yes(scope) : no(scope));
    }
  }
}

function compileName(name: string): Evaluator {
  if (isView(name)) throw new Failure('EXPRESSION_FAILED', `Expected a member of ${name}, e.g. ${name}.id, but found ${name} alone`);
  // Camunda's name for the user of the command; it hides a variable, like the views do.
  if (name === 'authenticatedUserId') return ({ context }) => context.userId ?? null;
  return ({ context }) => variableValue(context, name);
}

function compileCall({ name, args }: JuelNode & { kind: 'call' }): Evaluator {
  const call = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!call)
    throw new Failure('EXPRESSION_FAILED', `Expected one of the functions ${Object.keys(functions).join(', ')}, but found "${name}"`);
  const values = args.map(compile);
  return (scope) => call(scope, ...values.map((value) => value(scope)));
}

function compileBinary({ operator, left, right }: JuelNode & { kind: 'binary' }): Evaluator {
  const [first, second] = [compile(left), compile(right)];
  if (operator === '&&') return (scope) => toBoolean(first(scope)) && toBoolean(second(scope));
  if (operator === '||') return (scope) => toBoolean(first(scope)) || toBoolean(second(scope));
  const apply = binaryOperators[operator] as (left: unknown, right: unknown) => unknown;
  return (scope) => apply(first(scope), second(scope));
}

const views = {
  execution: { properties: executionProperties, methods: variableMethods },
  task: { properties: taskProperties, methods: { ...variableMethods, ...taskMethods } },
  externalTask: { properties: externalTaskProperties, methods: {} as typeof variableMethods },
} as const;
type View = keyof typeof views;

const isView = (name: string): name is View => Object.hasOwn(views, name);

/** The view that a node names; a process variable of that name is hidden, as in Camunda. `task.execution` is the execution. */
function viewOf(node: JuelNode): View | null {
  if (node.kind === 'name') return isView(node.name) ? node.name : null;
  const member = node.kind === 'index' && node.index.kind === 'literal' ? node.index.value : node.kind === 'method' ? node.name : null;
  const ofTask = (node.kind === 'index' || node.kind === 'method') && node.base.kind === 'name' && node.base.name === 'task';
  return ofTask && (member === 'execution' || member === 'getExecution') ? 'execution' : null;
}

function compileIndex({ base, index }: JuelNode & { kind: 'index' }): Evaluator {
  const view = viewOf(base);
  if (view) return readView(view, index.kind === 'literal' ? String(index.value) : '');
  const [object, key] = [compile(base), compile(index)];
  return (scope) => readProperty(object(scope), key(scope));
}

function compileMethod({ base, name, args }: JuelNode & { kind: 'method' }): Evaluator {
  const values = args.map(compile);
  const view = viewOf(base);
  if (!view) {
    const object = compile(base);
    return (scope) =>
      callMethod(
        object(scope),
        name,
        values.map((value) => value(scope)),
      );
  }
  const { methods } = views[view];
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method) return guarded(view, (scope) => method(scope, ...values.map((value) => value(scope))));
  return readView(view, name.startsWith('get') ? name.charAt(3).toLowerCase() + name.slice(4) : '');
}

function readView(view: View, name: string): Evaluator {
  const { properties, methods } = views[view];
  const read = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!read) {
    const known = [...Object.keys(properties), ...Object.keys(methods).map((method) => `${method}()`)].join(', ');
    throw new Failure('EXPRESSION_FAILED', `Expected one of ${known} of ${view}, but found another member`);
  }
  return guarded(view, read);
}

/** `task` exists in expressions of user tasks only, `externalTask` in those of their error definitions. */
function guarded(view: View, read: Evaluator): Evaluator {
  if (view === 'execution') return read;
  return (scope) => {
    if (!scope.context[view]) throw unknownVariable(view);
    return read(scope);
  };
}
