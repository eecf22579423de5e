import {
  acceptedContent,
  completable,
  inputRequired,
  type McpServer,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { image, PNG, text } from './fixture-tools.ts';

const user = <C>(content: C) => ({ role: 'user' as const, content });

/** Prompts by the names that the suite asks for. */
export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'One message' }, () => ({
    messages: [user(text('This is a simple prompt for testing.'))],
  }));
  const places = ['paris', 'park', 'party'];
  const complete = (typed: string) => places.filter((place) => place.startsWith(typed));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'Says its arguments',
      argsSchema: z.object({ arg1: completable(z.string(), complete), arg2: z.string() }),
    },
    ({ arg1, arg2 }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'Has a resource in it', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => {
      const resource = { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' };
      return {
        messages: [
          user({ type: 'resource', resource }),
          user(text('Please process the embedded resource above.')),
        ],
      };
    },
  );
  server.registerPrompt('test_prompt_with_image', { description: 'Has a picture in it' }, () => ({
    messages: [user(image), user(text('Please analyze the image above.'))],
  }));
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks back' }, ({ mcpReq }) => {
    const said = acceptedContent(mcpReq.inputResponses, 'user_context');
    if (said) return { messages: [user(text(`In the context of ${JSON.stringify(said)}`))] };
    const requestedSchema = {
      ...{ type: 'object' as const, required: ['context'] },
      properties: { context: { type: 'string' as const } },
    };
    const message = 'What context should the prompt use?';
    return inputRequired({
      inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema }) },
    });
  });
}

/** Resources by the addresses that the suite asks for. */
export function registerResources(server: McpServer): void {
  const plain = { description: 'Text', mimeType: 'text/plain' };
  const read = (uri: URL, said: string) => ({ contents: [{ uri: uri.href, ...plain, text: said }] });
  server.registerResource('static-text', 'test://static-text', plain, (uri) =>
    read(uri, 'This is the content of the static text resource.'),
  );
  server.registerResource('watched', 'test://watched-resource', plain, (uri) => read(uri, 'Watched.'));
  const picture = { description: 'A picture', mimeType: 'image/png' };
  server.registerResource('static-binary', 'test://static-binary', picture, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'image/png', blob: PNG }],
  }));
  const json = { description: 'Data of something', mimeType: 'application/json' };
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    json,
    ({ href: uri }, { id }) => {
      const data = { id, templateTest: true, data: `Data for ID: ${String(id)}` };
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }] };
    },
  );
}
