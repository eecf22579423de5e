import { PROBLEMS, problemsOf } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { WAYS } from '../../packages/api-gateway/src/upstreams.ts';
import { openApi, PUBLISHED } from './openapi.ts';

const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  responses: z.record(z.string(), z.looseObject({})),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

describe.each(Object.entries(PUBLISHED))('the API document of %s', (service, contract) => {
  it('is what its routes say (written by npm run openapi)', async () => {
    await expect(await openApi(service, contract)).toMatchFileSnapshot(
      `../../docs/api/${service}.openapi.json`,
    );
  });

  it('has every route with every status that it may answer', async () => {
    const { paths } = document.parse(JSON.parse(await openApi(service, contract)));
    for (const [name, route] of Object.entries(contract)) {
      const found = paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
      expect(found?.operationId).toBe(name);
      const statuses = [route.success.status, ...problemsOf(route).map((code) => PROBLEMS[code].status)];
      expect(Object.keys(found?.responses ?? {}).sort()).toEqual([...new Set(statuses)].map(String).sort());
    }
  });

  it('is reached through the gateway by each of its routes', () => {
    const leads = (path: string) =>
      WAYS.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;
    const lost = Object.values(contract).filter(({ path }) => leads(path) !== service);
    expect(lost.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});
