import assert from 'node:assert/strict';
import { tidyXml } from './tidy-xml.ts';

describe('tidyXml', () => {
  it('joins attributes and their values', () => {
    assert.equal(tidyXml(`<task name = "a = b"\n id\t=\n'x'/>`), `<task name="a = b"\n id='x'/>`);
  });

  it('takes the blanks off ids and references, but not off names', () => {
    assert.equal(
      tidyXml('<flow id=" f " sourceRef="a " targetRef=" b" name=" to b "/>'),
      '<flow id="f" sourceRef="a" targetRef="b" name=" to b "/>',
    );
  });

  it('leaves text, comments and CDATA as they are', () => {
    const xml = `<script a="1"><!-- <b c = "d"> --><![CDATA[ if (x = "1") <y z = "2"> ]]>p = "q"</script>`;
    assert.equal(tidyXml(xml), xml);
  });

  it('takes time that grows with the length of the text only', () => {
    const started = performance.now();
    tidyXml(`<a b = "${'<c d = "" '.repeat(100_000)}`);
    assert.ok(performance.now() - started < 1_000);
  });
});
