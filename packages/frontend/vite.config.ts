import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite';

const HUB = 'http://127.0.0.1:3000';
const HUB_PATHS = ['/api', '/v1', '/mcp', '/health', '/.well-known', '/dev/mail'];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // `source` is the door to the contracts' TypeScript, so that no build of theirs has to come first.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['source', ...defaultServerConditions] } },
  build: {
    // The gateway's policy allows no `data:` address, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // `no-eval.ts` has to run before any schema is made, whatever chunk either of them is in.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      ...Object.fromEntries(HUB_PATHS.map((path) => [path, { target: HUB }])),
      '/ws': { target: HUB, ws: true },
    },
  },
});
