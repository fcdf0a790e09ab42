import type { Work } from '#engine/store/unit-of-work.ts';

/** What an alert knows of an elder: `elderForAlert` of the elder register. */
export interface ElderForAlert {
  elderId: string;
  elderName: string;
  elderPhone: string | null;
  address: string | null;
  /** Area path of the home. */
  area: string;
  livingAlone: boolean;
  abilityLevel: number;
  tags: string[];
  /** At most three, in calling order. */
  contacts: { name: string; relation: string; phone: string }[];
}

/** Look-ups in rooms that `devices` does not know; given by `compose.ts`, run inside the raising transaction. */
export interface Surroundings {
  elder(tenant: string, elderId: string): Work<ElderForAlert | null>;
}
