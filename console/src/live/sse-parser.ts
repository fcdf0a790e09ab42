/** One server-sent event; `id` is null when the server gave none. */
export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Cuts a text stream into server-sent events (WHATWG HTML §9.2.6); comments only prove that the line is alive. */
export function createSseParser(emit: (event: ServerEvent) => void): (chunk: string) => void {
  let rest = '';
  let id: string | null = null;
  let event = '';
  let data: string[] = [];

  function endOfEvent(): void {
    if (data.length > 0) emit({ id, event: event || 'message', data: data.join('\n') });
    event = '';
    data = [];
  }

  function field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
  }

  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') endOfEvent();
      else field(line);
    }
  };
}
