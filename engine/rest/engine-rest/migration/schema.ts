import { wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { selectionProperties, type WireSelection } from '../instance-selection.ts';

/** Camunda's MigrationInstructionDto; one activity is mapped to one. */
export interface WireMigrationInstruction {
  sourceActivityIds: [string];
  targetActivityIds: [string];
  updateEventTrigger?: boolean | null;
}
export interface WirePlan {
  sourceProcessDefinitionId: string;
  targetProcessDefinitionId: string;
  instructions: WireMigrationInstruction[];
  variables?: WireVariables | null;
}
export interface GenerationBody {
  sourceProcessDefinitionId: string;
  targetProcessDefinitionId: string;
  updateEventTriggers?: boolean | null;
  variables?: WireVariables | null;
}
export interface ExecutionBody extends Pick<WireSelection, 'processInstanceIds' | 'processInstanceQuery'> {
  migrationPlan: WirePlan;
  skipCustomListeners?: boolean | null;
  skipIoMappings?: boolean | null;
}

const FLAG = { type: ['boolean', 'null'] };
const ONE_ID = { type: 'array', minItems: 1, maxItems: 1, items: { type: 'string', minLength: 1, maxLength: 255 } };
const DEFINITIONS = {
  sourceProcessDefinitionId: { type: 'string', maxLength: 20 },
  targetProcessDefinitionId: { type: 'string', maxLength: 20 },
};

export const generationBody = {
  type: 'object',
  additionalProperties: false,
  required: Object.keys(DEFINITIONS),
  properties: { ...DEFINITIONS, updateEventTriggers: FLAG, variables: wireVariablesSchema },
};

export const planBody = {
  type: 'object',
  additionalProperties: false,
  required: [...Object.keys(DEFINITIONS), 'instructions'],
  properties: {
    ...DEFINITIONS,
    instructions: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['sourceActivityIds', 'targetActivityIds'],
        properties: { sourceActivityIds: ONE_ID, targetActivityIds: ONE_ID, updateEventTrigger: FLAG },
      },
    },
    variables: wireVariablesSchema,
  },
};

export const executionBody = {
  type: 'object',
  additionalProperties: false,
  required: ['migrationPlan'],
  properties: {
    migrationPlan: planBody,
    processInstanceIds: selectionProperties.processInstanceIds,
    processInstanceQuery: selectionProperties.processInstanceQuery,
    skipCustomListeners: FLAG,
    skipIoMappings: FLAG,
  },
};
