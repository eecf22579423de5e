import type { Resource } from './resource.ts';

/**
 * Resources so that each comes after those it names, and otherwise as they were given.
 * Throws where an id is not there or twice, and where resources wait for each other: mistakes of ours.
 */
export function ordered(resources: readonly Resource[]): Resource[] {
  const known = new Map(resources.map((resource) => [resource.id, resource]));
  if (known.size < resources.length) throw new Error('two resources have the same id');
  const done = new Set<string>();
  const result: Resource[] = [];
  const visit = (resource: Resource, path: readonly string[]) => {
    if (done.has(resource.id)) return;
    const way = [...path, resource.id];
    if (path.includes(resource.id)) throw new Error(`resources wait for each other: ${way.join(' → ')}`);
    for (const id of resource.after) {
      const earlier = known.get(id);
      if (!earlier) throw new Error(`${resource.id} comes after ${id}, which is not there`);
      visit(earlier, way);
    }
    done.add(resource.id);
    result.push(resource);
  };
  for (const resource of resources) visit(resource, []);
  return result;
}
