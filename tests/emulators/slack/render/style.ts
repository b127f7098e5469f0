/** Slack's light look: enough of it to be recognised, no font or picture from the network. */
export const style = `
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, "Open Sans", "Noto Sans CJK SC", "Noto Sans SC",
  "PingFang SC", "Microsoft YaHei", "Noto Color Emoji", "Apple Color Emoji", sans-serif; -webkit-font-smoothing: antialiased; }
.page { border: 1px solid #dddddd; border-radius: 8px; overflow: hidden; margin: 0 auto; background: #fff; }
.bar { padding: 12px 20px; border-bottom: 1px solid #e8e8e8; font-weight: 900; font-size: 18px; }
.bar small { font-weight: 400; font-size: 13px; color: #616061; margin-left: 8px; }
.list { padding: 10px 0 16px; }
.msg { display: flex; padding: 6px 20px; gap: 8px; }
.msg.private { background: #f8f8f8; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; color: #fff; font-weight: 700; font-size: 16px;
  display: flex; align-items: center; justify-content: center; margin-top: 3px; }
.body { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.who b { font-weight: 900; }
.app { background: #e8e8e8; color: #616061; font-size: 10px; font-weight: 700; border-radius: 2px; padding: 1px 3px; margin-left: 5px;
  vertical-align: 2px; }
.time { color: #616061; font-size: 12px; margin-left: 8px; }
.note { color: #616061; font-size: 12px; }
.system { color: #616061; }
.count { display: flex; align-items: center; gap: 12px; color: #616061; font-size: 13px; padding: 4px 20px; }
.count::after { content: ""; flex: 1; border-top: 1px solid #e2e2e2; }
.block { margin: 8px 0; }
.block.section:first-child, .block.rich_text:first-child { margin-top: 0; }
.block.header { font-size: 18px; font-weight: 900; line-height: 1.33; }
.block.context { font-size: 12.5px; color: #616061; display: flex; flex-wrap: wrap; gap: 3px 10px; align-items: center; }
.block.context img { width: 20px; height: 20px; border-radius: 2px; }
.block.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.block.actions .field { width: auto; min-width: 140px; }
hr { border: 0; border-top: 1px solid #e2e2e2; margin: 12px 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 16px; margin-top: 6px; }
.split { display: flex; gap: 16px; align-items: flex-start; }
.grow { flex: 1; min-width: 0; }
.split .field { width: 200px; flex: none; }
button { font: 700 13px/1 Lato, "Open Sans", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; height: 30px;
  padding: 0 12px; border-radius: 8px; border: 1px solid rgba(29,28,29,.3); background: #fff; color: #1d1c1d; white-space: nowrap; }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
button.dots { padding: 0 10px; font-size: 16px; }
a { color: #1264a3; }
.mention { background: #1d9bd11a; color: #1264a3; border-radius: 3px; padding: 0 2px 1px; }
.mention.here { background: #fff5cc; color: #1264a3; }
code { font: 12px "Source Code Pro", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; color: #e01e5a; background: #f8f8f8;
  border: 1px solid #dddddd; border-radius: 3px; padding: 1px 3px; }
pre { font: 12px/1.5 "Source Code Pro", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; background: #f8f8f8;
  border: 1px solid #dddddd; border-radius: 4px; padding: 8px; margin: 4px 0; white-space: pre-wrap; }
blockquote { margin: 4px 0; padding-left: 12px; border-left: 4px solid #dddddd; }
ul, ol { margin: 2px 0; padding-left: 26px; }
table { border-collapse: collapse; font-size: 13px; }
td { border: 1px solid #dddddd; padding: 4px 10px; }
tr:first-child td { font-weight: 700; background: #f8f8f8; }
.attachment { border-left: 4px solid #dddddd; border-radius: 4px; padding: 2px 0 2px 12px; margin: 6px 0; }
.file { display: inline-flex; gap: 10px; align-items: center; border: 1px solid #dddddd; border-radius: 8px; padding: 8px 14px 8px 8px; margin: 6px 8px 0 0; }
.file i { width: 32px; height: 36px; border-radius: 4px; background: #1264a3; color: #fff; font: 700 10px/36px sans-serif; text-align: center; }
.file div { line-height: 1.3; font-weight: 700; }
.file small { display: block; color: #616061; font-weight: 400; }
.pills { display: flex; gap: 4px; margin-top: 6px; }
.pill { background: #f0f0f0; border-radius: 12px; padding: 1px 8px; font-size: 12px; line-height: 20px; }
.pill.mine { background: #e7f3fa; box-shadow: inset 0 0 0 1px #1264a3; color: #1264a3; }
.thread { color: #1264a3; font-size: 13px; font-weight: 700; margin-top: 4px; }
label { display: block; font-weight: 700; margin-bottom: 6px; }
.optional { font-weight: 400; color: #616061; }
.field { border: 1px solid #868686; border-radius: 4px; min-height: 38px; padding: 7px 12px; width: 100%; background: #fff; position: relative; }
.field.tall { min-height: 86px; }
.field.menu { padding-right: 30px; }
.block.actions .field, .split .field { min-height: 30px; padding: 3px 30px 3px 10px; font-size: 13px; border-radius: 8px; border-color: rgba(29,28,29,.3); }
.caret { position: absolute; right: 10px; top: 50%; transform: translateY(-62%); color: #616061; }
.placeholder { color: #616061; }
.hint { color: #616061; font-size: 13px; margin-top: 3px; }
.chip { background: #1d9bd11a; color: #1264a3; border-radius: 4px; padding: 2px 6px; }
.choice { display: flex; gap: 8px; align-items: flex-start; margin: 4px 0; }
.choice i { flex: none; width: 16px; height: 16px; margin-top: 3px; border: 1px solid #868686; border-radius: 3px; }
.choice i.radio { border-radius: 50%; }
.choice i.on { background: #1264a3; border-color: #1264a3; box-shadow: inset 0 0 0 3px #fff; }
.home { padding: 16px 28px 28px; }
.modal { margin: 0; border-radius: 8px; box-shadow: 0 0 0 1px rgba(29,28,29,.13), 0 18px 48px rgba(0,0,0,.35); }
.dim { background: #59585a; padding: 40px; }
.modal .bar { font-size: 22px; padding: 18px 28px; border: 0; }
.modal .home { padding-top: 4px; }
.modal .block.input { margin: 16px 0; }
.foot { display: flex; justify-content: flex-end; gap: 12px; padding: 16px 28px 24px; }
.foot button { height: 36px; font-size: 15px; padding: 0 14px; }
`;
