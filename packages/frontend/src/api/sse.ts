/**
 * The data of each server-sent event (WHATWG HTML, 9.2.6). Event names and ids are left out: the
 * completions format uses neither. Bytes may be cut anywhere, within a character as well.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}

const LINE_END = /\r\n|\n|\r(?!$)/;

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of readText(body)) {
    const lines = (rest + text).split(LINE_END);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** By the reader and not by `for await`, which not every browser has on streams. */
async function* readText(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined); // already broken: nothing is left to give back
  }
}
