import { seedDemo, type DemoContext } from './demo.ts';
import { seedStandard } from './standard.ts';

export interface SeedInput extends DemoContext {
  demo: boolean;
  /** The folder that holds `processes/` and `forms/`. */
  root: string;
  /** Makes expressions see the SLA classes that were just written; the demo's orders need them. */
  refreshSla(): Promise<void>;
}

/** Fills a new database and brings the standard content of an old one up to date. Runs before jobs and listeners start. */
export async function seed(input: SeedInput): Promise<void> {
  const { store, engine, root, log } = input;
  await seedStandard({ repository: engine.repository, batcher: store.batcher, root, log });
  await input.refreshSla();
  if (input.demo) await seedDemo(input);
}
