/** Asks, and answers status, body and milliseconds. */
export async function ask(url, { method = 'GET', token, body } = {}) {
  const startedAt = performance.now();
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const ms = performance.now() - startedAt;
  return { status: answer.status, ms, body: text === '' ? undefined : JSON.parse(text) };
}

/** The same, for what has to succeed: a figure over errors is none. */
export async function must(url, options) {
  const answer = await ask(url, options);
  if (answer.status >= 400)
    throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
