// One build for all entries, so that they share their chunks: `/carillon.js` and its kind, and hashed chunks in `/web/`.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compressed } from './compressed.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  // Chunks are found beside the script, wherever the page is.
  base: './',
  // The demo page's document and style are what they are.
  publicDir: here('demo/public'),
  logLevel: 'warn',
  plugins: [compressed],
  // The same, whatever NODE_ENV says.
  resolve: { conditions: ['module', 'browser', 'production'] },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: false,
    target: 'es2022',
    minify: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      preserveEntrySignatures: 'strict',
      input: {
        carillon: here('carillon.ts'),
        'carillon-toasts': here('toasts.ts'),
        'carillon-preferences': here('preferences.ts'),
        'carillon-all': here('all.ts'),
        'demo/demo': here('demo/demo.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'web/[name]-[hash].js' },
    },
  },
});
