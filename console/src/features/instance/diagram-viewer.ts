import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

export interface DiagramState {
  active: { elementId: string; count: number }[];
  passed: string[];
  takenFlows: string[];
  incidents: string[];
}

interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto'): number;
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  resized(): void;
  scrollToElement(id: string, padding: number): void;
}
interface Overlays {
  add(id: string, type: string, overlay: { position: object; html: HTMLElement }): string;
  remove(filter: { type: string }): void;
}
interface Registry {
  get(id: string): { children?: unknown[] } | undefined;
}

/** Scale under which the names of tasks cannot be read, and the one to read them by. */
const READABLE = 0.4;
const COMFORTABLE = 0.75;

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

  /** Where the whole diagram would be too small to read, it opens at the step that waits. */
  function bringActiveClose(id: string | undefined): void {
    if (id === undefined || canvas().zoom() > READABLE || !(viewer.get('elementRegistry') as Registry).get(id)) return;
    canvas().zoom(COMFORTABLE);
    canvas().scrollToElement(id, Math.min(container.clientWidth, container.clientHeight) / 3);
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
      if (isFresh) bringActiveClose(state.active.at(-1)?.elementId);
      isFresh = false;
    },
    close(): void {
      viewer.destroy();
    },
  };
}
