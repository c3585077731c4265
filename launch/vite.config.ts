/** Builds the SMART app into dist/launch: the page that an EHR launches, and the page that explains. Knows nothing of the server that serves them. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  // The library's build for browsers that have what it would polyfill, without its log of tokens.
  define: { FHIRCLIENT_PURE: 'true' },
  resolve: { alias: { debug: page('silent-debug.cjs') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/launch',
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill and inlined assets would need what the server's Content-Security-Policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: [page('launch.html'), page('index.html')] },
  },
});
