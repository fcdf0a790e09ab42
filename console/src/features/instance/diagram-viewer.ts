import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

export interface DiagramState {
  active: { elementId: string; count: number }[];
  passed: string[];
  takenFlows: string[];
  incidents: string[];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Shape extends Box {
  type: string;
  parent?: { type: string };
  children?: unknown[];
}
interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto'): number;
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  resized(): void;
  viewbox(box?: Box): Box & { inner: Box };
}
interface Overlays {
  add(id: string, type: string, overlay: { position: object; html: HTMLElement }): string;
  remove(filter: { type: string }): void;
}
interface Registry {
  get(id: string): Shape | undefined;
}

/** Scale under which the names of tasks are hard to read. */
const READABLE = 0.75;
/** Free space around the diagram, in its own units. */
const MARGIN = 24;

/** Element Plus and our tokens have no say on the paper: bpmn.io's dark mark needs a light ground in both themes. */
const COLORS = { defaultFillColor: '#ffffff', defaultStrokeColor: '#3a4556', defaultLabelColor: '#18202c' };

/**
 * A read-only BPMN diagram in `container`, with what has happened drawn on it. The bpmn.io mark (bottom right) is
 * the viewer's and stays as it is.
 */
export function openDiagram(container: HTMLElement, countLabel: (count: number) => string) {
  const viewer = new NavigatedViewer({ container, bpmnRenderer: COLORS } as ConstructorParameters<typeof NavigatedViewer>[0]);
  const canvas = (): Canvas => viewer.get('canvas') as Canvas;
  let drawn: [string, string][] = [];
  let isFresh = true;

  function mark(id: string, marker: string): void {
    if (!(viewer.get('elementRegistry') as Registry).get(id)) return;
    canvas().addMarker(id, marker);
    drawn.push([id, marker]);
  }

  /** An open sub-process only gets a frame: the step inside it is where somebody has to act. */
  function showActive(id: string, count: number): void {
    const element = (viewer.get('elementRegistry') as Registry).get(id);
    if (!element) return;
    const isScope = (element.children?.length ?? 0) > 0;
    mark(id, isScope ? 'is-open' : 'is-active');
    if (!isScope) (viewer.get('overlays') as Overlays).add(id, 'count', { position: { top: -12, right: 14 }, html: pill(count) });
  }

  function pill(count: number): HTMLElement {
    const html = document.createElement('div');
    html.className = 'diagram-pill';
    html.textContent = String(count);
    html.title = countLabel(count);
    return html;
  }

  const shapeOf = (id: string): Shape | undefined => (viewer.get('elementRegistry') as Registry).get(id);

  /** The step that waits, else the end that was reached, else where the case was last. */
  function lastPlace({ active, passed }: DiagramState): Shape | undefined {
    const steps = [...passed].reverse().map(shapeOf);
    const isEnd = (shape: Shape | undefined): boolean => shape?.type === 'bpmn:EndEvent' && shape.parent?.type !== 'bpmn:SubProcess';
    return shapeOf(active.at(-1)?.elementId ?? '') ?? steps.find(isEnd) ?? steps.find((shape) => shape !== undefined);
  }

  /** Where the whole diagram would be too small to read, it opens as wide as it fits, around the place that matters. */
  function bringClose(shape: Shape | undefined): void {
    if (!shape || canvas().zoom() >= READABLE) return;
    const { inner } = canvas().viewbox();
    canvas().zoom(Math.min(1, Math.max(READABLE, container.clientWidth / (inner.width + 2 * MARGIN))));
    const { width, height } = canvas().viewbox();
    const x = within(shape.x + shape.width / 2, width, inner.x, inner.width);
    canvas().viewbox({ x, y: within(shape.y + shape.height / 2, height, inner.y, inner.height), width, height });
  }

  return {
    async load(xml: string): Promise<void> {
      await viewer.importXML(xml);
      drawn = [];
      isFresh = true;
      this.fit();
    },
    fit(): void {
      canvas().resized();
      const fitted = canvas().zoom('fit-viewport', 'auto');
      // A margin for the legend and the mark; a small diagram is not blown up beyond its drawn size.
      canvas().zoom(Math.min(fitted * 0.92, 1), 'auto');
    },
    zoom(factor: number): void {
      canvas().zoom(Math.min(4, Math.max(0.2, canvas().zoom() * factor)), 'auto');
    },
    show(state: DiagramState): void {
      const overlays = viewer.get('overlays') as Overlays;
      for (const [id, marker] of drawn) canvas().removeMarker(id, marker);
      drawn = [];
      overlays.remove({ type: 'count' });
      for (const id of state.passed) mark(id, 'is-passed');
      for (const id of state.takenFlows) mark(id, 'is-taken');
      for (const { elementId, count } of state.active) showActive(elementId, count);
      for (const id of state.incidents) mark(id, 'has-incident');
      if (isFresh) bringClose(lastPlace(state));
      isFresh = false;
    },
    close(): void {
      viewer.destroy();
    },
  };
}

/** Start of a window of `span` around `center`, not farther out than the content's edge and its margin. */
function within(center: number, span: number, start: number, size: number): number {
  const room = size + 2 * MARGIN - span;
  if (room <= 0) return start - MARGIN + room / 2;
  return Math.min(Math.max(center - span / 2, start - MARGIN), start - MARGIN + room);
}
