import { config } from 'zod';

// zod probes for `new Function` when its first object schema is made; the content security policy
// reports that probe. So this module has to be the first import of the program.
config({ jitless: true });
