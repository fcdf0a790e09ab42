import type { Work } from '#engine/store/unit-of-work.ts';

/** What an alert shows of an elder; read from the register of elders. */
export interface ElderBrief {
  id: string;
  name: string;
  phone: string | null;
  address: string | null;
  tags: string[];
}

/** Look-ups in rooms that `devices` does not know; given by `compose.ts`, run inside the raising transaction. */
export interface Surroundings {
  elder(tenant: string, elderId: string): Work<ElderBrief | null>;
  /** The area's name, e.g. `天塔街道`; the path when unknown. */
  areaName(tenant: string, path: string): Work<string>;
}
