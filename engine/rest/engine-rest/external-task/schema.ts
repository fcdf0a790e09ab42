import type { FilterKinds } from '../list-parameters.ts';
import { wireVariablesSchema, type WireVariables } from '../variable-values.ts';

export const externalTaskFilters: FilterKinds = {
  externalTaskId: 'id',
  externalTaskIdIn: 'ids',
  topicName: 'text',
  workerId: 'text',
  locked: 'now',
  notLocked: 'now',
  withRetriesLeft: 'flag',
  noRetriesLeft: 'flag',
  lockExpirationBefore: 'time',
  lockExpirationAfter: 'time',
  activityId: 'text',
  activityIdIn: 'texts',
  executionId: 'id',
  processInstanceId: 'id',
  processInstanceIdIn: 'ids',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  processDefinitionKeyIn: 'texts',
  active: 'flag',
  suspended: 'flag',
  priorityHigherThanOrEquals: 'number',
  priorityLowerThanOrEquals: 'number',
  tenantIdIn: 'texts',
};

const TEXT = { type: ['string', 'null'], maxLength: 4000 };
const TEXTS = { type: ['array', 'null'], maxItems: 1000, items: { type: 'string', maxLength: 255 } };
const FLAG = { type: ['boolean', 'null'] };
const WORKER = { type: 'string', minLength: 1, maxLength: 190 };
/** Milliseconds; a lock of more than a week is a mistake of units. */
const LOCK = { type: 'integer', minimum: 1, maximum: 7 * 24 * 3_600_000 };

export interface WireTopic {
  topicName: string;
  lockDuration: number;
  variables?: string[] | null;
  localVariables?: boolean | null;
  deserializeValues?: boolean | null;
  businessKey?: string | null;
  processDefinitionId?: string | null;
  processDefinitionIdIn?: string[] | null;
  processDefinitionKey?: string | null;
  processDefinitionKeyIn?: string[] | null;
  processDefinitionVersionTag?: string | null;
  processVariables?: Record<string, unknown> | null;
  tenantIdIn?: string[] | null;
  withoutTenantId?: boolean | null;
  includeExtensionProperties?: boolean | null;
}
const topic = {
  type: 'object',
  additionalProperties: false,
  required: ['topicName', 'lockDuration'],
  properties: {
    topicName: { type: 'string', minLength: 1, maxLength: 190 },
    lockDuration: LOCK,
    variables: TEXTS,
    localVariables: FLAG,
    deserializeValues: FLAG,
    businessKey: TEXT,
    processDefinitionId: TEXT,
    processDefinitionIdIn: TEXTS,
    processDefinitionKey: TEXT,
    processDefinitionKeyIn: TEXTS,
    processDefinitionVersionTag: TEXT,
    processVariables: {
      type: ['object', 'null'],
      maxProperties: 20,
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    },
    tenantIdIn: TEXTS,
    withoutTenantId: FLAG,
    includeExtensionProperties: FLAG,
  },
};

export const fetchAndLockBody = {
  type: 'object',
  additionalProperties: false,
  required: ['workerId', 'maxTasks'],
  properties: {
    workerId: WORKER,
    maxTasks: { type: 'integer', minimum: 0, maximum: 1000 },
    usePriority: FLAG,
    asyncResponseTimeout: { type: ['integer', 'null'], minimum: 0 },
    sorting: {
      type: ['array', 'null'],
      maxItems: 5,
      items: {
        type: 'object',
        additionalProperties: false,
        properties: { sortBy: { enum: ['createTime'] }, sortOrder: { enum: ['asc', 'desc'] } },
      },
    },
    topics: { type: ['array', 'null'], maxItems: 200, items: topic },
  },
};
export interface FetchAndLockBody {
  workerId: string;
  maxTasks: number;
  usePriority?: boolean | null;
  asyncResponseTimeout?: number | null;
  topics?: WireTopic[] | null;
}

const object = (required: string[], properties: object) => ({ type: 'object', additionalProperties: false, required, properties });

export const completeBody = object(['workerId'], { workerId: WORKER, variables: wireVariablesSchema, localVariables: wireVariablesSchema });
export interface CompleteBody {
  workerId: string;
  variables?: WireVariables | null;
  localVariables?: WireVariables | null;
}

export const failureBody = object(['workerId'], {
  workerId: WORKER,
  errorMessage: { type: ['string', 'null'], maxLength: 100_000 },
  errorDetails: { type: ['string', 'null'], maxLength: 500_000 },
  // Missing = 0, an incident at once: Camunda's field is a primitive int, and its client relies on it.
  retries: { type: ['integer', 'null'], minimum: 0, maximum: 2 ** 31 - 1 },
  retryTimeout: { type: ['integer', 'null'], minimum: 0 },
  variables: wireVariablesSchema,
  localVariables: wireVariablesSchema,
});
export interface FailureBody extends CompleteBody {
  errorMessage?: string | null;
  errorDetails?: string | null;
  retries?: number | null;
  retryTimeout?: number | null;
}

export const bpmnErrorBody = object(['workerId', 'errorCode'], {
  workerId: WORKER,
  errorCode: { type: 'string', minLength: 1, maxLength: 255 },
  errorMessage: { type: ['string', 'null'], maxLength: 100_000 },
  variables: wireVariablesSchema,
});
export interface BpmnErrorBody {
  workerId: string;
  errorCode: string;
  errorMessage?: string | null;
  variables?: WireVariables | null;
}

export const lockBody = object(['workerId', 'lockDuration'], { workerId: WORKER, lockDuration: LOCK });
export interface LockBody {
  workerId: string;
  lockDuration: number;
}
export const extendLockBody = object(['workerId', 'newDuration'], { workerId: WORKER, newDuration: LOCK });
export interface ExtendLockBody {
  workerId: string;
  newDuration: number;
}
export const retriesBody = object(['retries'], {
  retries: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 },
  // Of jobs only.
  dueDate: { type: ['string', 'null'], maxLength: 40 },
});
export interface RetriesBody {
  retries: number;
  dueDate?: string | null;
}
