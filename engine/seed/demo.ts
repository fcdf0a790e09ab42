import type { Identity } from '#engine/identity/identity.ts';
import { createPasswords } from '#engine/identity/passwords.ts';
import { RequestError } from '#engine/errors.ts';
import type { Logger } from '#engine/log.ts';
import type { ProcessEngine } from '#engine/services/contract.ts';
import { saveArea } from '#engine/store/area-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { countRecords, insertRecord, type NewRecord } from '#engine/store/register-store.ts';
import { areaRows } from './areas.ts';
import hexi from './data/areas-120103.json' with { type: 'json' };
import nankai from './data/areas-120104.json' with { type: 'json' };
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo-accounts.ts';
import { seedAlerts, type RaiseDemoAlert } from './demo-alerts.ts';
import { seedDevices } from './demo-devices.ts';
import { demoElders, type DemoElder } from './demo-elders.ts';
import { seedOrders } from './demo-orders.ts';
import { DEMO_PROVIDERS, DEMO_STAFF } from './demo-providers.ts';

export interface DemoContext {
  store: Store;
  engine: ProcessEngine;
  identity: Pick<Identity, 'createAccount' | 'clients'>;
  /** How the devices room raises an alert; without it the demo starts with none. */
  raiseAlert?: RaiseDemoAlert | undefined;
  log: Logger;
}

const HEXI_ELDERS = 200;
const NANKAI_ELDERS = 12;
const HOME_STREET = '120103008';

/**
 * The Hexi district for people who try the product: areas, accounts, elders, providers, staff, a gateway with six devices, and
 * work in progress. Runs once, before jobs and listeners start; a second start finds the elders and leaves everything alone.
 */
export async function seedDemo(context: DemoContext): Promise<void> {
  const { store, engine, log } = context;
  if ((await store.query(countRecords('120103', 'elder'))) > 0) return;
  const startedAt = performance.now();
  const elders = demoElders(areaRows(hexi), HEXI_ELDERS, HOME_STREET, 20_261_122);
  const nankaiElders = demoElders(areaRows(nankai), NANKAI_ELDERS, '120104006', 120_104);
  const home = elders.filter((elder) => elder.area.includes(`/${HOME_STREET}/`));
  await Promise.all([seedAccounts(context), seedGateway(store, home)]);
  await seedRegisters(store, [...elders, ...nankaiElders]);
  await seedOrders({ engine, store, elders: home });
  if (context.raiseAlert) await seedAlerts(context.raiseAlert, store.clock);
  log.info({ elders: elders.length, ms: Math.round(performance.now() - startedAt) }, 'demo district seeded');
}

async function seedAccounts({ identity }: DemoContext): Promise<void> {
  for (const account of DEMO_ACCOUNTS) {
    try {
      await identity.createAccount({ ...account, password: DEMO_PASSWORD });
    } catch (error) {
      // A start that was cut off left it behind.
      if (!(error instanceof RequestError && error.code === 'ACCOUNT_EXISTS')) throw error;
    }
  }
  await identity.clients.createBasic({
    id: 'engine',
    name: 'engine-rest',
    tenant: '120103',
    areas: ['120103'],
    scopes: ['engine-rest'],
    password: DEMO_PASSWORD,
  });
}

/** Devices stand where they make sense: door and motion where somebody lives alone, the fall radar where somebody walks badly. */
async function seedGateway(store: Store, elders: DemoElder[]): Promise<void> {
  const passwordHash = await createPasswords().hash(DEMO_PASSWORD);
  const [home, other] = elders.filter(({ data }) => data.livesWith === 'alone' && data.abilityLevel < 2);
  const couple = elders.find(({ data }) => data.livesWith === 'spouse' && data.abilityLevel < 3);
  const frail = elders.find(({ data }) => data.abilityLevel >= 2 && data.livesWith !== 'alone');
  const bound = [home, home, couple, couple, frail, other].map((elder, at) => elder ?? elders[at]!);
  await store.ids.ready(20);
  await store.batcher.run({ key: 'seed', name: 'seed-devices' }, (writes) =>
    seedDevices(writes, { ids: store.ids, now: store.clock.now(), passwordHash, elders: bound }),
  );
}

/** Areas and registers in one transaction: the elders are the mark that the demo is there. */
async function seedRegisters(store: Store, elders: DemoElder[]): Promise<void> {
  const records = [...elders.map(elderRecord), ...providerRecords(), ...staffRecords()];
  await store.ids.ready(records.length);
  await store.batcher.run({ key: 'seed', name: 'seed-registers' }, function* (writes) {
    for (const area of [...areaRows(hexi), ...areaRows(nankai)]) saveArea(writes, area);
    for (const record of records) insertRecord(writes, { ...record, id: store.ids.next() }, store.clock.now());
  });
}

type DemoRecord = Omit<NewRecord, 'id'>;

const elderRecord = ({ key, name, area, data }: DemoElder): DemoRecord => ({
  tenant: area.slice(0, 6),
  area,
  register: 'elder',
  key,
  name,
  data: { name, ...data },
  words: [data.phone, data.address],
});

const providerRecords = (): DemoRecord[] =>
  DEMO_PROVIDERS.map(({ key, street, data }) => ({
    tenant: '120103',
    area: `120103/${street}`,
    register: 'provider',
    key,
    name: data.name,
    data,
    words: [data.contactPhone, data.address],
  }));

const staffRecords = (): DemoRecord[] =>
  DEMO_STAFF.map(({ key, ...data }) => {
    const street = DEMO_PROVIDERS.find((provider) => provider.key === data.providerId)?.street ?? HOME_STREET;
    return { tenant: '120103', area: `120103/${street}`, register: 'staff', key, name: data.name, data, words: [data.phone] };
  });
