import { register } from 'node:module';

// The suite imports `globSync` of Node 22 for a command that is not run here; without the name it does not load on Node 20.
const NODE_FS = `data:text/javascript,${encodeURIComponent(`
  export * from 'node:fs';
  export { default } from 'node:fs';
  export const globSync = undefined;
`)}`;
const hooks = `
  export const resolve = (specifier, context, next) =>
    specifier === 'fs' && context.parentURL?.endsWith('/@modelcontextprotocol/conformance/dist/index.js')
      ? { url: ${JSON.stringify(NODE_FS)}, shortCircuit: true }
      : next(specifier, context);
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
