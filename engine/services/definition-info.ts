import { createHash } from 'node:crypto';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import type { DefinitionInfo } from './contract.ts';

/** SHA-256, hexadecimal: how deployments tell that a file is the same. */
export function contentHash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function definitionInfo(row: DefinitionRow): DefinitionInfo {
  const { id, key, version, versionTag, name, deploymentId, resource, startFormKey } = row;
  return { id, key, version, versionTag, name, tenant: row.tenant || null, deploymentId, resource, suspended: row.isSuspended, startFormKey, startableInTasklist: row.isStartable };
}
