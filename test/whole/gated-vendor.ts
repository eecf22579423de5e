import type { ServerResponse } from 'node:http';
import {
  type Answer,
  finishEvent,
  startStream,
  textEvent,
  USAGE,
  usageEvent,
} from '@smart-ai-hub/shared/testing';

export interface Gate {
  /** Begins its answer and waits; a plain one waits with all of it. */
  answer: Answer;
  /** Answers that wait. */
  waiting: () => number;
  /** Lets all that wait, and all that come, go on to their end. */
  open: () => void;
}

/** Answers that the test holds back until what it is about has happened. */
export function gate(usage: object = USAGE): Gate {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  const hold = (finish: () => void) => {
    if (isOpen) finish();
    else waiting.push(finish);
  };
  return {
    answer: (response, { body }) => {
      if (body['stream'] === true) {
        startStream(response);
        response.write(textEvent('Hello '));
        hold(() => finishStream(response, usage));
      } else hold(() => finishPlain(response, usage));
    },
    waiting: () => waiting.length,
    open: () => {
      isOpen = true;
      for (const finish of waiting.splice(0)) finish();
    },
  };
}

function finishStream(response: ServerResponse, usage: object) {
  response.write(textEvent('world') + finishEvent() + usageEvent(usage));
  response.end('data: [DONE]\n\n');
}

function finishPlain(response: ServerResponse, usage: object) {
  const choices = [
    { index: 0, message: { role: 'assistant', content: 'Hello world' }, finish_reason: 'stop' },
  ];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }),
  );
}
