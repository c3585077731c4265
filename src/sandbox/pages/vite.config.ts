/** Builds the pages of the embedded EHR into dist/ehr. Knows nothing of the server that serves them. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/ehr/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/ehr',
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill and inlined assets would need what the server's Content-Security-Policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
