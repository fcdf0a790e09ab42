import assert from 'node:assert/strict';
import { createSseParser, type ServerEvent } from './sse-parser.ts';

function parse(...chunks: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const feed = createSseParser((event) => events.push(event));
  for (const chunk of chunks) feed(chunk);
  return events;
}

describe('server-sent event parser', () => {
  describe('when an event is cut in the middle of a line', () => {
    it('emits it once, whole', () => {
      // given
      const chunks = ['id: 7\nevent: al', 'ert\ndata: {"op":', '"raised"}\n\n'];
      // when
      const events = parse(...chunks);
      // then
      assert.deepEqual(events, [{ id: '7', event: 'alert', data: '{"op":"raised"}' }]);
    });
  });

  describe('when the server sends comments and empty events', () => {
    it('emits nothing', () => {
      assert.deepEqual(parse(': keep-alive\n\n', 'event: task\n\n'), []);
    });
  });

  describe('when an event has several data lines and CRLF', () => {
    it('joins the lines and keeps the last id', () => {
      assert.deepEqual(parse('id: 1\r\ndata: a\r', '\ndata: b\r\n\r\ndata: c\r\n\r\n'), [
        { id: '1', event: 'message', data: 'a\nb' },
        { id: '1', event: 'message', data: 'c' },
      ]);
    });
  });
});
