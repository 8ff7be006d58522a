import type { Texts } from "../texts.ts";

export const faults: Texts["faults"] = {
  title: "保留的失败调用",
  lead: "每条都包含插件收到的全部内容，可能涉及个人信息。用此命令可在任何地方重新运行。",
  none: "没有保留的失败调用。",
  notRecorded: "在“设置”中关闭记录期间不会保留任何调用。",
  at: "{{time}}，{{version}}，{{function}}",
  backtrace: "出错位置，由内到外",
  noBacktrace: "该组件没有函数名称。",
  command: "在插件目录中重现",
  timedOut:
    "它是被本主机的时钟停下的，而重放没有时钟：重放会一直运行到结束或燃料用完。请查找燃料少而耗时长的操作，例如填充大量内存。",
  download: "下载插件收到的内容",
  contact: "相关联系",
  fuel: "燃料 {{fuel}}，内存 {{memory}} KiB",
};
