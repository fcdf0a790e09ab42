import assert from 'node:assert/strict';
import type { ServiceTaskCall, ServiceTaskFailure, ServiceTaskOutcome } from '#plugins/api.ts';
import { aCall } from '#plugins/api.test-suite.ts';
import { createAddressGuard } from '#plugins/http-connector/address-guard.ts';
import { createAllowList } from '#plugins/http-connector/allow-list.ts';
import { runRequest, type HttpOptions, type Surroundings } from '#plugins/http-connector/index.ts';
import { otherSystem, type OtherSystem } from './other-system.ts';

interface Settings extends Partial<Pick<Surroundings, 'guard'>> {
  /** `SONGBAI_HTTP_ALLOW`; the other system when absent. */
  allow?: string;
  signal?: AbortSignal;
}

export interface HttpConnectorWorld {
  system: OtherSystem;
  /** Fields and messages of the plugin's log, in their order. */
  logged: unknown[];
  /** Secrets by name. */
  secrets: Record<string, string>;
  run(options: HttpOptions, settings?: Settings): Promise<ServiceTaskOutcome>;
  /** Expects it to fail. */
  failure(options: HttpOptions, settings?: Settings): Promise<ServiceTaskFailure>;
}

/** The HTTP connector and a system that it may call; for use inside a `describe`. */
export function httpConnectorWorld(): HttpConnectorWorld {
  const system = otherSystem();
  const logged: unknown[] = [];
  const secrets: Record<string, string> = { TOKEN: 's3cr3t-token' };
  const note = (fields: object, message: string) => void logged.push(fields, message);
  const run = (options: HttpOptions, { allow, guard, signal }: Settings = {}) => {
    const call: ServiceTaskCall<HttpOptions> = aCall(options, signal && { signal });
    const surroundings: Surroundings = {
      log: { info: note, warn: note, error: note },
      isAllowed: createAllowList(allow ?? system.origin),
      guard: guard ?? createAddressGuard('127.0.0.0/8'),
      secret: (name) => {
        const secret = secrets[name];
        return secret === undefined ? Promise.reject(new Error(`Expected a secret "${name}", but there is none`)) : Promise.resolve(secret);
      },
    };
    return runRequest(surroundings, call);
  };
  return {
    system,
    logged,
    secrets,
    run,
    async failure(options, settings) {
      const outcome = await run(options, settings);
      assert.equal(outcome.kind, 'failed');
      return outcome as ServiceTaskFailure;
    },
  };
}
