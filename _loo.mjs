import { rollup } from 'rollup'; import { transform } from 'esbuild'; import { brotliCompressSync } from 'node:zlib';
const dir=process.argv[2]; const entry=dir+'/dist/browser/index.js';
async function size(stub){
const b=await rollup({input:'entry',external:id=>/^rxjs/.test(id),plugins:[{name:'e',resolveId:s=>s==='entry'?s:null,load:s=>s==='entry'?`export { graphqlSocket } from '${entry}'`:null, transform(code,id){ if(stub&&id.endsWith(stub)){ const names=[...code.matchAll(/export\s*\{([^}]*)\}/g)].flatMap(m=>m[1].split(',').map(x=>x.trim().split(/\s+as\s+/).pop()).filter(Boolean)); return {code:names.map(n=>`export const ${n}=globalThis.x;`).join('\n'),map:null} } }}],onwarn(){} ,treeshake:{moduleSideEffects:false}});
const {output}=await b.generate({format:'es'});const {code}=await transform(output[0].code,{minify:true,target:'es2022'});
return [brotliCompressSync(code).length,Object.keys(output[0].modules)];}
const [base,mods]=await size();console.log('base',base);
const rows=[];for(const m of mods){ if(m==='entry')continue; const n=m.replace(dir+'/dist/browser/',''); if(n==='index.js'||n==='graphql-socket.js')continue; rows.push([base-(await size(n))[0],n]);}
rows.sort((a,b)=>b[0]-a[0]);for(const r of rows)console.log(r.join('\t'));
