/** The parts of the official client that the conformance test uses; it ships no types. */
declare module 'camunda-external-task-client-js' {
  export interface Task {
    id: string;
    businessKey?: string;
    variables: Variables;
  }
  export class Variables {
    get(name: string): unknown;
    set(name: string, value: unknown): this;
  }
  export class BasicAuthInterceptor {
    constructor(options: { username: string; password: string });
  }
  export class Client {
    constructor(options: Record<string, unknown>);
    subscribe(
      topic: string,
      handler: (job: { task: Task; taskService: { complete(task: Task, variables: Variables): Promise<void> } }) => Promise<void>,
    ): void;
    start(): void;
    stop(): void;
  }
}
