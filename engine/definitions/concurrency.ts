/** Takes a token from each place of `from` and puts one on each place of `to`. */
export interface Transition {
  from: number[];
  to: number[];
}

/**
 * Which places of a Petri net can hold a token, and which two can at the same time, when one of `starts` begins with one.
 * Every pair that can occur is found; a few that cannot may be found too (Kovalyov 1992). Quadratic in the places.
 */
export function concurrency(size: number, starts: number[], transitions: Transition[]): Concurrency {
  const isLive = new Uint8Array(size);
  const pairs = new Uint8Array(size * size);
  const taking: Transition[][] = Array.from({ length: size }, () => []);
  for (const transition of transitions) for (const place of transition.from) taking[place]?.push(transition);
  const enabled = new Set<Transition>();
  const open: [number, number][] = [];
  const live = (place: number) => isLive[place] === 1;
  const together = (a: number, b: number) => pairs[a * size + b] === 1;

  function addPair(a: number, b: number): void {
    if (together(a, b)) return;
    pairs[a * size + b] = 1;
    pairs[b * size + a] = 1;
    open.push([a, b]);
  }
  function reach(place: number): void {
    if (live(place)) return;
    isLive[place] = 1;
    for (const transition of taking[place] as Transition[]) tryEnable(transition);
  }
  function tryEnable(transition: Transition): void {
    const { from, to } = transition;
    if (
      enabled.has(transition) ||
      !from.every((place, index) => live(place) && from.slice(0, index).every((other) => together(place, other)))
    )
      return;
    enabled.add(transition);
    for (const place of to) for (const other of to) if (place !== other) addPair(place, other);
    for (let other = 0; other < size; other++) carry(transition, other);
    for (const place of to) reach(place);
  }
  /** What has a token beside all that the transition takes has one beside all that it gives. */
  function carry({ from, to }: Transition, other: number): void {
    if (from.every((place) => together(place, other))) for (const place of to) addPair(place, other);
  }
  function spread(place: number, other: number): void {
    for (const transition of taking[place] as Transition[]) {
      tryEnable(transition);
      if (enabled.has(transition)) carry(transition, other);
    }
  }

  for (const place of starts) reach(place);
  for (let pair = open.pop(); pair; pair = open.pop()) {
    spread(pair[0], pair[1]);
    spread(pair[1], pair[0]);
  }
  return { live, together };
}

export interface Concurrency {
  live(place: number): boolean;
  together(a: number, b: number): boolean;
}
