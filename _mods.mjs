import { rollup } from 'rollup'; import { transform } from 'esbuild'; import { brotliCompressSync } from 'node:zlib';
const dir=process.argv[2];
const entry=process.argv[3]||dir+'/dist/browser/index.js';
const b=await rollup({input:'entry',external:id=>/^rxjs/.test(id),plugins:[{name:'e',resolveId:s=>s==='entry'?s:null,load:s=>s==='entry'?`export { graphqlSocket } from '${entry}'`:null}],onwarn(){} ,treeshake:{moduleSideEffects:false}});
const {output}=await b.generate({format:'es'});
const rows=[];let tot=0;
for(const [id,m] of Object.entries(output[0].modules)){ if(!m.code) continue; const {code}=await transform(m.code,{minify:true,target:'es2022'}); rows.push([id.replace(dir+'/dist/browser/',''),code.length,brotliCompressSync(code).length]); tot+=code.length}
rows.sort((a,b)=>b[1]-a[1]); for(const r of rows) console.log(r.join('\t')); console.log(tot);
