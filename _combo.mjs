import { rollup } from 'rollup'; import { transform, build } from 'esbuild'; import { brotliCompressSync, constants } from 'node:zlib'; import fs from 'node:fs';
const dir=process.argv[2];
for (const order of ['default','tree']) {
const b=await rollup({input:'entry',external:id=>/^rxjs/.test(id),plugins:[{name:'e',resolveId:s=>s==='entry'?s:null,load:s=>s==='entry'?`export { graphqlSocket } from '${dir}/dist/browser/index.js'`:null}],onwarn(){} ,treeshake:order==='tree'?{moduleSideEffects:false,preset:'smallest'}:true});
const {output}=await b.generate({format:'es'});
fs.writeFileSync('/tmp/merged.js',output[0].code);
for (const o of [{},{target:'es2022'},{target:'esnext'}]) {
 const r=await build({entryPoints:['/tmp/merged.js'],bundle:true,minify:true,format:'esm',external:['rxjs','rxjs/webSocket'],write:false,...o});
 const t=await transform(output[0].code,{minify:true,...o});
 const m=x=>[x.length,brotliCompressSync(x).length,brotliCompressSync(Buffer.from(x),{params:{[constants.BROTLI_PARAM_MODE]:constants.BROTLI_MODE_TEXT}}).length].join('/');
 console.log(order,JSON.stringify(o),'build',m(r.outputFiles[0].text),'transform',m(t.code));
}}
const r=await build({entryPoints:[dir+'/dist/browser/index.js'],bundle:true,minify:true,format:'esm',external:['rxjs','rxjs/webSocket'],write:false});
console.log(r.outputFiles[0].text.length,brotliCompressSync(r.outputFiles[0].text).length,'whole entry');
const {minify}=await import('terser').catch(()=>({})); if(minify){const t=await minify(fs.readFileSync('/tmp/merged.js','utf8'),{module:true,compress:{passes:3}});console.log('terser',t.code.length,brotliCompressSync(t.code).length)}
