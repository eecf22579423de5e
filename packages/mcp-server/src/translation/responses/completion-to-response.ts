import { parseObject } from '../../completions/measure.ts';
import { choiceOf, completionId, notACompletion, type Said } from '../completion-shape.ts';
import { itemBody, missingArguments, newItem, type OutputItem, spokenIn } from './output-item.ts';
import { endingOf, newResponse, type ResponseFacts, responseUsage, wantsSummary } from './response-frame.ts';

/**
 * A completion (https://platform.openai.com/docs/api-reference/chat/object) as the response that a caller of
 * https://platform.openai.com/docs/api-reference/responses/object expects. Throws `provider-failed` for what is no
 * completion.
 */
export function completionToResponse(text: string, facts: ResponseFacts): string {
  const completion = parseObject(text);
  const choice = completion && choiceOf(completion);
  if (!completion || !choice?.said) throw notACompletion();
  const id = completionId(completion);
  const ending = endingOf(choice.finish);
  const items = itemsOf(choice.said, id, wantsSummary(facts));
  return JSON.stringify({
    ...newResponse(id, completion, facts),
    ...ending,
    output: items.map((item) => itemBody(item, item === items.at(-1) ? ending.status : 'completed')),
    usage: responseUsage(completion),
  });
}

function itemsOf(said: Said, id: string, summarizes: boolean): OutputItem[] {
  const items: OutputItem[] = [];
  for (const [kind, text] of spokenIn(said, summarizes)) {
    if (text !== '') items.push({ ...newItem(kind, id, items.length), text });
  }
  for (const call of said.calls.filter(({ name }) => name !== '')) {
    const item = { ...newItem('call', id, items.length, call), text: call.args };
    items.push({ ...item, text: item.text + missingArguments(item) });
  }
  return items;
}
