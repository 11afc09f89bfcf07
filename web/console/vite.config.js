// The operators' page, built apart: what it shares with the elements it has its own copy of, so that no page of anybody
// else's loads more on its account.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compressed } from '../compressed.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: here('public'),
  logLevel: 'warn',
  plugins: [compressed],
  // The same, whatever NODE_ENV says.
  resolve: { conditions: ['module', 'browser', 'production'] },
  build: {
    outDir: here('../../dist/web/console'),
    emptyOutDir: false,
    target: 'es2022',
    minify: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { console: here('console.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
    },
  },
});
