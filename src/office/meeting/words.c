/* The language of Chinese meeting reports, as tables: what a word does in a sentence, and the
 * rules that say which clauses are duties and which are not. */
#include "office/meeting/words.h"

#define S(text) STR_INIT(text)

static const str ADVERBS[] = {
    S("结合实际"), S("大胆"),     S("分层分类"), S("分类分层"), S("分级分类"), S("进一步"),
    S("切实"),     S("深入"),     S("深刻"),     S("持续"),     S("不断"),     S("全力以赴"),
    S("全力"),     S("坚决"),     S("积极"),     S("扎实"),     S("认真"),     S("着力"),
    S("真正"),     S("更好"),     S("多措并举"), S("用心"),     S("用情"),     S("用力"),
    S("聚力"),     S("大力"),     S("有力"),     S("有序"),     S("有效"),     S("加快"),
    S("稳步"),     S("精心"),     S("牢牢"),     S("始终"),     S("全面"),     S("系统"),
    S("严厉"),     S("不折不扣"), S("广泛"),     S("充分"),     S("常态化"),   S("较真碰硬"),
    S("从严从实"), S("一以贯之"), S("久久为功"), S("坚定不移"), S("毫不动摇"), S("紧紧"),
    S("高质量"),   S("高标准"),   S("高效"),     S("迅速"),     S("立即"),     S("抓紧"),
    S("抓实抓细"), S("千方百计"), S("继续"),     S("更加"),     S("共同"),     S("自觉"),
    S("创新"),     S("科学"),     S("依法"),     S("扎扎实实"), S("实打实"),   S("毫不松懈"),
    S("协同"),     S("一体"),     S("重点"),     S("同步"),     S("加力"),     S("有针对性地"),
    S("逐步"),     S("分批"),
};

static const str ACTS[] = {
    S("增进"),     S("形成"),     S("打通"),     S("紧盯"),       S("倒排"), S("完工"),
    S("加快"),     S("严格"),     S("规范"),     S("营造"),       S("传达"), S("回复"),
    S("约谈"),     S("纳入"),     S("推行"),     S("落细"),       S("筹措"), S("开工"),
    S("落实落细"), S("补齐"),     S("拨付"),     S("下达"),       S("指导"), S("推动"),
    S("推进"),     S("统筹推动"), S("统筹推进"), S("发展"),       S("培育"), S("深化"),
    S("提升"),     S("提高"),     S("强化"),     S("加强"),       S("加大"), S("抓好"),
    S("狠抓"),     S("突出抓好"), S("抓紧"),     S("抓实"),       S("抓牢"), S("做好"),
    S("做实"),     S("搞好"),     S("办好"),     S("用好"),       S("管好"), S("建好"),
    S("守好"),     S("打好"),     S("打造"),     S("建设"),       S("建立"), S("建成"),
    S("构建"),     S("健全"),     S("健全完善"), S("完善"),       S("优化"), S("促进"),
    S("实施"),     S("落实"),     S("兑现"),     S("落实兑现"),   S("完成"), S("开展"),
    S("组织"),     S("启动"),     S("坚持"),     S("坚持和发展"), S("保障"), S("保持"),
    S("确保"),     S("严守"),     S("严打"),     S("打击"),       S("遏制"), S("防范"),
    S("化解"),     S("排查"),     S("整治"),     S("整改"),       S("治理"), S("解决"),
    S("消除"),     S("改造"),     S("新建"),     S("改建"),       S("修建"), S("维修"),
    S("管护"),     S("验收"),     S("清理"),     S("拆除"),       S("收集"), S("处理"),
    S("督促"),     S("督导"),     S("检查"),     S("考核"),       S("评估"), S("通报"),
    S("公开"),     S("公示"),     S("上报"),     S("报送"),       S("报告"), S("编制"),
    S("制定"),     S("出台"),     S("印发"),     S("修订"),       S("明确"), S("细化"),
    S("压实"),     S("压紧压实"), S("履行"),     S("扛牢"),       S("聚焦"), S("围绕"),
    S("汲取"),     S("引进"),     S("引导"),     S("鼓励"),       S("支持"), S("调动"),
    S("利用"),     S("盘活"),     S("整合"),     S("拓宽"),       S("拓展"), S("培训"),
    S("选派"),     S("配齐"),     S("配备"),     S("安排"),       S("谋划"), S("部署"),
    S("实现"),     S("达到"),     S("新增"),     S("增加"),       S("扩大"), S("降低"),
    S("减少"),     S("控制"),     S("补齐"),     S("补短板"),     S("巩固"), S("维护"),
    S("守住"),     S("兜住"),     S("兜住兜牢"), S("践行"),       S("尊重"), S("发挥"),
    S("发挥好"),   S("总结"),     S("推广"),     S("探索"),       S("统筹"), S("宣传"),
    S("开发"),     S("创建"),     S("畅通"),     S("保护"),       S("核查"), S("摸清"),
    S("摸排"),     S("登记"),     S("走访"),     S("帮扶"),       S("把"),   S("将"),
    S("考虑"),     S("按照"),     S("注重"),     S("注重把握"),
};

static const str MUSTS[] = {S("要"), S("必须"), S("务必"), S("应当"), S("务求")};
static const str NOT_MUSTS[] = {
    S("重要"), S("主要"), S("需要"), S("必要"), S("要求"), S("要素"), S("要害"), S("要点"),
    S("要件"), S("纪要"), S("概要"), S("摘要"), S("提要"), S("要闻"), S("紧要"), S("首要"),
    S("要道"), S("要领"), S("要务"), S("要么"), S("只要"), S("要是"), S("简要"), S("扼要"),
    S("要冲"), S("要地"), S("要职"), S("要事"), S("要义"), S("索要"), S("想要"), S("险要"),
};
static const str ALSOS[] = {S("还"), S("也"), S("都"),   S("更"), S("又"),   S("均"),
                            S("既"), S("并"), S("同时"), S("就"), S("一定"), S("分别")};

static const str SAYS[] = {S("指出"), S("强调"), S("要求"), S("表示"), S("提出"),
                           S("指示"), S("说"),   S("明确"), S("认为"), S("介绍")};

static const struct course COURSES[] = {
    {S("出席"), FACT_PRESENT, true},          {S("列席"), FACT_PRESENT, true},
    {S("参加"), FACT_PRESENT, true},          {S("主持"), FACT_CHAIR, true},
    {S("通报"), FACT_CIRCULAR, true},         {S("作了交流发言"), FACT_EXCHANGE, true},
    {S("作交流发言"), FACT_EXCHANGE, true},   {S("交流发言"), FACT_EXCHANGE, true},
    {S("观看了"), FACT_FILM, false},          {S("观看"), FACT_FILM, false},
    {S("观摩"), FACT_VISIT, false},           {S("参观"), FACT_VISIT, false},
    {S("召开"), FACT_PLACE, false},           {S("举行"), FACT_PLACE, false},
    {S("作了表态发言"), FACT_EXCHANGE, true}, {S("作表态发言"), FACT_EXCHANGE, true},
    {S("表态发言"), FACT_EXCHANGE, true},     {S("陪同"), FACT_PRESENT, true},
    {S("汇报"), FACT_CIRCULAR, true},
};
static const str WHOLES[] = {S("各"),   S("全省"), S("全市"), S("全县"), S("全区"), S("全镇"),
                             S("全州"), S("全体"), S("有关"), S("相关"), S("所有"), S("广大")};
static const str BODIES[] = {
    S("部门"), S("单位"),   S("厅"),   S("局"),     S("委"),     S("办"),     S("办公室"),
    S("政府"), S("党委"),   S("党组"), S("支部"),   S("同志"),   S("干部"),   S("省"),
    S("县"),   S("市"),     S("区"),   S("州"),     S("旗"),     S("盟"),     S("镇"),
    S("乡"),   S("乡镇"),   S("街道"), S("村"),     S("村委会"), S("委员会"), S("组"),
    S("专班"), S("公司"),   S("企业"), S("党员"),   S("中心"),   S("学校"),   S("医院"),
    S("协会"), S("合作社"), S("社区"), S("各地"),   S("农户"),   S("室"),     S("工作队"),
    S("两委"), S("各级"),   S("上下"), S("各方面"), S("院"),     S("银行"),
};
static const str POSTS[] = {
    S("总书记"), S("书记"),   S("省长"),   S("市长"), S("县长"),     S("区长"),     S("州长"),
    S("镇长"),   S("乡长"),   S("主席"),   S("主任"), S("局长"),     S("厅长"),     S("部长"),
    S("院长"),   S("常委"),   S("领导"),   S("委员"), S("秘书长"),   S("负责同志"), S("负责人"),
    S("专员"),   S("组长"),   S("校长"),   S("总理"), S("检察长"),   S("政委"),     S("会长"),
    S("队长"),   S("站长"),   S("所长"),   S("代表"), S("处长"),     S("科长"),     S("旗长"),
    S("理事长"), S("董事长"), S("总经理"), S("盟长"), S("第一书记"), S("党员"),     S("干部"),
};
static const str TITLES[] = {S("总书记"), S("主席"), S("总理"), S("同志")};

static const str SURNAMES[] = {
    S("赵"),   S("钱"),   S("孙"),   S("李"),   S("周"),   S("吴"),   S("郑"),   S("王"),
    S("冯"),   S("陈"),   S("褚"),   S("卫"),   S("蒋"),   S("沈"),   S("韩"),   S("杨"),
    S("朱"),   S("秦"),   S("尤"),   S("许"),   S("何"),   S("吕"),   S("施"),   S("张"),
    S("孔"),   S("曹"),   S("严"),   S("华"),   S("金"),   S("魏"),   S("陶"),   S("姜"),
    S("戚"),   S("谢"),   S("邹"),   S("喻"),   S("柏"),   S("水"),   S("窦"),   S("章"),
    S("云"),   S("苏"),   S("潘"),   S("葛"),   S("奚"),   S("范"),   S("彭"),   S("郎"),
    S("鲁"),   S("韦"),   S("昌"),   S("马"),   S("苗"),   S("凤"),   S("花"),   S("方"),
    S("俞"),   S("任"),   S("袁"),   S("柳"),   S("鲍"),   S("史"),   S("唐"),   S("费"),
    S("廉"),   S("岑"),   S("薛"),   S("雷"),   S("贺"),   S("倪"),   S("汤"),   S("滕"),
    S("殷"),   S("罗"),   S("毕"),   S("郝"),   S("邬"),   S("安"),   S("常"),   S("乐"),
    S("于"),   S("傅"),   S("皮"),   S("卞"),   S("齐"),   S("康"),   S("伍"),   S("余"),
    S("元"),   S("顾"),   S("孟"),   S("平"),   S("黄"),   S("穆"),   S("萧"),   S("肖"),
    S("尹"),   S("姚"),   S("邵"),   S("湛"),   S("汪"),   S("祁"),   S("毛"),   S("狄"),
    S("米"),   S("贝"),   S("明"),   S("臧"),   S("戴"),   S("宋"),   S("茅"),   S("庞"),
    S("熊"),   S("纪"),   S("舒"),   S("屈"),   S("项"),   S("祝"),   S("董"),   S("梁"),
    S("杜"),   S("阮"),   S("蓝"),   S("闵"),   S("席"),   S("季"),   S("麻"),   S("贾"),
    S("路"),   S("娄"),   S("江"),   S("童"),   S("颜"),   S("郭"),   S("梅"),   S("盛"),
    S("林"),   S("钟"),   S("徐"),   S("邱"),   S("骆"),   S("高"),   S("夏"),   S("蔡"),
    S("田"),   S("樊"),   S("胡"),   S("凌"),   S("霍"),   S("虞"),   S("万"),   S("支"),
    S("柯"),   S("管"),   S("卢"),   S("莫"),   S("房"),   S("裘"),   S("缪"),   S("解"),
    S("宗"),   S("丁"),   S("宣"),   S("邓"),   S("单"),   S("杭"),   S("洪"),   S("包"),
    S("左"),   S("石"),   S("崔"),   S("吉"),   S("龚"),   S("程"),   S("邢"),   S("裴"),
    S("陆"),   S("荣"),   S("翁"),   S("荀"),   S("甄"),   S("曲"),   S("封"),   S("靳"),
    S("段"),   S("焦"),   S("巴"),   S("牛"),   S("隗"),   S("谷"),   S("车"),   S("侯"),
    S("宓"),   S("班"),   S("仇"),   S("甘"),   S("厉"),   S("祖"),   S("武"),   S("符"),
    S("刘"),   S("景"),   S("詹"),   S("龙"),   S("叶"),   S("司"),   S("黎"),   S("薄"),
    S("白"),   S("蒲"),   S("池"),   S("乔"),   S("阳"),   S("胥"),   S("苍"),   S("闻"),
    S("翟"),   S("谭"),   S("贡"),   S("姬"),   S("申"),   S("冉"),   S("桑"),   S("尚"),
    S("温"),   S("庄"),   S("晏"),   S("柴"),   S("瞿"),   S("阎"),   S("闫"),   S("慕"),
    S("连"),   S("习"),   S("艾"),   S("容"),   S("向"),   S("古"),   S("易"),   S("廖"),
    S("耿"),   S("匡"),   S("文"),   S("寇"),   S("关"),   S("沙"),   S("聂"),   S("曾"),
    S("付"),   S("代"),   S("阚"),   S("游"),   S("欧阳"), S("司马"), S("上官"), S("诸葛"),
    S("皇甫"), S("尉迟"), S("公孙"), S("慕容"), S("令狐"), S("夏侯"), S("东方"), S("独孤"),
    S("南宫"), S("长孙"), S("宇文"), S("端木"),
};
static const str NO_NAMES[] = {
    S("会议"), S("大会"), S("全会"), S("方案"), S("文件"), S("党委"),   S("党组"), S("时代"),
    S("全省"), S("全市"), S("全县"), S("全区"), S("全镇"), S("党中央"), S("中央"), S("省委"),
    S("市委"), S("县委"), S("常委"), S("党员"), S("群众"), S("干部"),   S("成员"), S("管理"),
    S("计划"), S("项目"), S("单位"), S("同志"), S("代表"), S("全体"),   S("应急"), S("宣传"),
    S("农业"), S("任务"), S("常务"), S("平安"), S("康养"), S("高质"),   S("文化"), S("明年"),
    S("党的"), S("经验"), S("经济"), S("应当"), S("成效"), S("成果"),   S("安全"), S("项目"),
    S("解决"), S("连续"), S("温度"), S("向阳"), S("关于"), S("关键"),   S("马上"), S("方法"),
    S("于是"), S("水利"), S("水务"), S("金融"), S("全面"), S("全力"),   S("党建"), S("万元"),
    S("管负"),
};

static const str LEAD_INS[] = {S("会上"), S("会前"), S("会后"), S("会议期间"), S("随后"), S("最后"),
                               S("就"),   S("对"),   S("针对"), S("围绕"),     S("根据"), S("结合"),
                               S("依托"), S("对照"), S("对标"), S("在"),       S("通过")};
static const str LEADS[] = {S("牵头"),     S("牵头负责"), S("牵头实施"), S("牵头落实"),
                            S("牵头办理"), S("负责"),     S("具体负责"), S("负责落实"),
                            S("负责实施"), S("牵头单位"), S("责任单位"), S("主办单位"),
                            S("牵头部门"), S("责任部门"), S("责任人"),   S("主办")};
static const str SUPPORTS[] = {S("配合"),     S("协助"),           S("参与"),
                               S("配合单位"), S("协办单位"),       S("参与单位"),
                               S("配合部门"), S("按职责分工负责"), S("按职责分工落实"),
                               S("协办"),     S("协同配合"),       S("积极配合")};
static const str MEASURES[] = {
    S("件"),   S("个"),   S("项"),   S("处"), S("户"), S("人"),       S("亩"),   S("万亩"),
    S("公里"), S("座"),   S("所"),   S("条"), S("名"), S("%"),        S("％"),   S("大"),
    S("万户"), S("万人"), S("批次"), S("场"), S("类"), S("亿元"),     S("万元"), S("万吨"),
    S("吨"),   S("家"),   S("口"),   S("套"), S("台"), S("个百分点"),
};
static const str LIST_ENDS[] = {S("等"), S("战略"), S("几个"), S("专项")};
static const str PAGES[] = {
    S("Copyright"), S("©"),        S("ICP备"),    S("公网安备"), S("版权所有"),   S("责任编辑"),
    S("编辑："),    S("编辑:"),    S("上一篇"),   S("下一篇"),   S("【打印】"),   S("【关闭】"),
    S("扫一扫"),    S("网站首页"), S("相关链接"), S("返回顶部"), S("主办单位："), S("技术支持"),
};
static const str SOURCES[] = {S("来源"), S("信息来源"), S("稿源"), S("文章来源")};
static const str TIME_LABELS[] = {S("时间"), S("发布时间"), S("日期"), S("发布日期")};

struct set {
    const str *list;
    size_t count;
};
#define SET(array)                                                                                 \
    {                                                                                              \
        (array), COUNT_OF(array)                                                                   \
    }

static const struct set SETS[WORDS_COUNT] = {
    [WORDS_ADVERB] = SET(ADVERBS),     [WORDS_ACT] = SET(ACTS),
    [WORDS_MUST] = SET(MUSTS),         [WORDS_NOT_MUST] = SET(NOT_MUSTS),
    [WORDS_ALSO] = SET(ALSOS),         [WORDS_SAY] = SET(SAYS),
    [WORDS_WHOLE] = SET(WHOLES),       [WORDS_BODY] = SET(BODIES),
    [WORDS_POST] = SET(POSTS),         [WORDS_TITLE] = SET(TITLES),
    [WORDS_SURNAME] = SET(SURNAMES),   [WORDS_NO_NAME] = SET(NO_NAMES),
    [WORDS_LEAD_IN] = SET(LEAD_INS),   [WORDS_LEAD] = SET(LEADS),
    [WORDS_SUPPORT] = SET(SUPPORTS),   [WORDS_MEASURE] = SET(MEASURES),
    [WORDS_LIST_END] = SET(LIST_ENDS), [WORDS_PAGE] = SET(PAGES),
    [WORDS_SOURCE] = SET(SOURCES),     [WORDS_TIME_LABEL] = SET(TIME_LABELS),
};

/* A clause matches when all that is given of start, inside and end is there. */
struct rule {
    str starts;
    str has;
    str ends;
    enum verdict verdict;
};

/* Asked in this order, after the adverbs are taken off; the first that matches decides. */
static const struct rule RULES[] = {
    /* assessed by what came of it: a principle even where it speaks of study */
    {S("以"), S("检验"), S(""), VERDICT_PRINCIPLE},
    {S("把"), S("作为"), S("标准"), VERDICT_PRINCIPLE},
    /* announces what follows */
    {S(""), S("以下"), S("工作"), VERDICT_HEADING},
    {S(""), S("以下"), S("事项"), VERDICT_HEADING},
    {S(""), S("以下"), S("任务"), VERDICT_HEADING},
    /* study and attitude */
    {S("学习"), S(""), S(""), VERDICT_STUDY},
    {S("传达"), S("精神"), S(""), VERDICT_STUDY},
    {S("认识"), S(""), S(""), VERDICT_STUDY},
    {S("贯彻落实"), S("精神"), S(""), VERDICT_STUDY},
    {S("学深悟透"), S(""), S(""), VERDICT_STUDY},
    {S("领会"), S(""), S(""), VERDICT_STUDY},
    {S("领悟"), S(""), S(""), VERDICT_STUDY},
    {S("把握"), S(""), S(""), VERDICT_STUDY},
    {S("完整准确"), S(""), S(""), VERDICT_STUDY},
    {S("理论学习"), S(""), S(""), VERDICT_STUDY},
    {S("提高"), S("站位"), S(""), VERDICT_STUDY},
    {S("提升"), S("站位"), S(""), VERDICT_STUDY},
    {S("统一"), S("思想"), S(""), VERDICT_STUDY},
    {S("把思想"), S(""), S(""), VERDICT_STUDY},
    {S("增强"), S("自觉"), S(""), VERDICT_STUDY},
    {S("增强"), S("意识"), S(""), VERDICT_STUDY},
    {S("增强"), S("感"), S(""), VERDICT_STUDY},
    {S("提高"), S("认识"), S(""), VERDICT_STUDY},
    {S("深化"), S("认识"), S(""), VERDICT_STUDY},
    {S("作为"), S(""), S(""), VERDICT_STUDY},
    {S("把"), S("作为"), S(""), VERDICT_STUDY},
    {S(""), S("主题教育"), S(""), VERDICT_STUDY},
    {S("用好"), S("教科书"), S(""), VERDICT_STUDY},
    {S("捍卫"), S(""), S(""), VERDICT_STUDY},
    {S("做到"), S("维护"), S(""), VERDICT_STUDY},
    {S("凝聚"), S("共识"), S(""), VERDICT_STUDY},
    {S("坚定"), S("信心"), S(""), VERDICT_STUDY},
    /* manner without an object */
    {S("突出工作重点"), S(""), S(""), VERDICT_MANNER},
    {S("以"), S(""), S("动力"), VERDICT_MANNER},
    {S("以"), S(""), S("引领"), VERDICT_MANNER},
    {S("以"), S(""), S("为抓手"), VERDICT_MANNER},
    {S("以"), S(""), S("契机"), VERDICT_MANNER},
    {S("以"), S("作风"), S(""), VERDICT_MANNER},
    {S("以"), S("精神"), S(""), VERDICT_MANNER},
    {S("弘扬"), S("作风"), S(""), VERDICT_MANNER},
    {S("弘扬"), S("精神"), S(""), VERDICT_MANNER},
    {S("发扬"), S("精神"), S(""), VERDICT_MANNER},
    {S("保持"), S("耐心"), S(""), VERDICT_MANNER},
    {S("保持"), S("定力"), S(""), VERDICT_MANNER},
    {S("坚持"), S("基调"), S(""), VERDICT_MANNER},
    {S("方式方法"), S(""), S(""), VERDICT_MANNER},
    {S("真抓实干"), S(""), S(""), VERDICT_MANNER},
    {S("高度重视"), S(""), S(""), VERDICT_MANNER},
    {S("推进"), S(""), S("推进"), VERDICT_MANNER},
    {S("推动"), S(""), S("推动"), VERDICT_MANNER},
    {S("落实"), S(""), S("落实"), VERDICT_MANNER},
    {S("狠抓落实"), S(""), S(""), VERDICT_MANNER},
    {S("改革创新"), S(""), S(""), VERDICT_MANNER},
    {S("勇于担当"), S(""), S(""), VERDICT_MANNER},
    {S("主动作为"), S(""), S(""), VERDICT_MANNER},
    {S("做精做细"), S(""), S(""), VERDICT_MANNER},
    {S("做出亮点"), S(""), S(""), VERDICT_MANNER},
    {S("示范引领"), S(""), S(""), VERDICT_MANNER},
    {S("按照"), S(""), S("节点"), VERDICT_MANNER},
    {S("担当作为"), S(""), S(""), VERDICT_MANNER},
    {S("奋勇争先"), S(""), S(""), VERDICT_MANNER},
    {S("按照"), S(""), S("要求"), VERDICT_MANNER},
    {S("按照"), S(""), S("部署"), VERDICT_MANNER},
    {S("以"), S(""), S("姿态"), VERDICT_MANNER},
    {S("以"), S(""), S("决心"), VERDICT_MANNER},
    /* results that follow from the rest */
    {S("进而"), S(""), S(""), VERDICT_RESULT},
    {S("从而"), S(""), S(""), VERDICT_RESULT},
    {S("努力"), S(""), S(""), VERDICT_RESULT},
    {S("奋力"), S(""), S(""), VERDICT_RESULT},
    {S("为"), S(""), S("基础"), VERDICT_RESULT},
    {S("为"), S(""), S("赋能"), VERDICT_RESULT},
    {S("为"), S(""), S("保障"), VERDICT_RESULT},
    {S("为"), S(""), S("支撑"), VERDICT_RESULT},
    {S("为"), S(""), S("贡献"), VERDICT_RESULT},
    {S("为"), S(""), S("力量"), VERDICT_RESULT},
    {S("作出"), S(""), S("贡献"), VERDICT_RESULT},
    {S("确保"), S("成效"), S(""), VERDICT_RESULT},
    {S("确保"), S("落地见效"), S(""), VERDICT_RESULT},
    {S("确保"), S("落到实处"), S(""), VERDICT_RESULT},
    {S(""), S(""), S("取得实效"), VERDICT_RESULT},
    {S("提供"), S(""), S("保障"), VERDICT_RESULT},
    {S("凝聚"), S(""), S("合力"), VERDICT_RESULT},
    {S("共建"), S(""), S("家园"), VERDICT_RESULT},
    {S("夯实"), S("根基"), S(""), VERDICT_RESULT},
    {S("营造"), S(""), S("氛围"), VERDICT_RESULT},
    {S("形成"), S(""), S("局面"), VERDICT_RESULT},
    {S("形成"), S(""), S("格局"), VERDICT_RESULT},
    {S("打赢"), S(""), S(""), VERDICT_RESULT},
    {S("开创"), S(""), S(""), VERDICT_RESULT},
    {S("谱写"), S(""), S(""), VERDICT_RESULT},
    {S("走出"), S("路"), S(""), VERDICT_RESULT},
    {S("增进"), S("福祉"), S(""), VERDICT_RESULT},
    /* statements inside a numbered demand */
    {S("目前"), S(""), S(""), VERDICT_FACT},
    {S("近年来"), S(""), S(""), VERDICT_FACT},
    {S("今年以来"), S(""), S(""), VERDICT_FACT},
    {S("去年"), S(""), S(""), VERDICT_FACT},
    {S("截至"), S(""), S(""), VERDICT_FACT},
    {S(""), S("已完成"), S(""), VERDICT_FACT},
    {S(""), S("已经"), S(""), VERDICT_FACT},
    {S(""), S("取得了"), S(""), VERDICT_FACT},
    {S(""), S("是一项"), S(""), VERDICT_FACT},
    /* standing rules */
    {S("坚持"), S("机制"), S(""), VERDICT_MECHANISM},
    {S(""), S(""), S("机制"), VERDICT_MECHANISM},
    {S(""), S(""), S("制度"), VERDICT_MECHANISM},
    {S(""), S(""), S("台账"), VERDICT_MECHANISM},
    {S(""), S(""), S("责任制"), VERDICT_MECHANISM},
    {S("建立"), S("机制"), S(""), VERDICT_MECHANISM},
    {S("建立"), S("制度"), S(""), VERDICT_MECHANISM},
    {S("健全"), S(""), S("体系"), VERDICT_MECHANISM},
    {S("建立"), S(""), S("体系"), VERDICT_MECHANISM},
    {S("用好"), S("制度"), S(""), VERDICT_MECHANISM},
    /* how all of it is to be done */
    {S("坚持和发展"), S(""), S(""), VERDICT_DEMAND},
    {S("坚持"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("按照"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("尊重"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("遵循"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("以"), S("为基本单元"), S(""), VERDICT_PRINCIPLE},
    {S("以"), S("推动"), S(""), VERDICT_PRINCIPLE},
    {S("考虑"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("注重"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("保持"), S("连续性"), S(""), VERDICT_PRINCIPLE},
    {S("保持"), S("稳定性"), S(""), VERDICT_PRINCIPLE},
    {S(""), S(""), S("原则"), VERDICT_PRINCIPLE},
    {S("因地制宜"), S(""), S(""), VERDICT_PRINCIPLE},
    {S("分类"), S(""), S(""), VERDICT_PRINCIPLE},
};

str word_at_start(enum words set, str s)
{
    str best = STR("");

    for (size_t i = 0; i < SETS[set].count; i++) {
        str word = SETS[set].list[i];
        if (word.len > best.len && str_starts(s, word)) {
            best = word;
        }
    }
    return best;
}

str word_at_end(enum words set, str s)
{
    str best = STR("");

    for (size_t i = 0; i < SETS[set].count; i++) {
        str word = SETS[set].list[i];
        if (word.len > best.len && str_ends(s, word)) {
            best = word;
        }
    }
    return best;
}

size_t word_find(enum words set, str s, str *out_word)
{
    size_t best = STR_NONE;

    *out_word = STR("");
    for (size_t i = 0; i < SETS[set].count; i++) {
        str word = SETS[set].list[i];
        size_t at = str_find(s, word);
        if (at != STR_NONE && (at < best || (at == best && word.len > out_word->len))) {
            best = at;
            *out_word = word;
        }
    }
    return best;
}

static bool rule_matches(const struct rule *rule, str core)
{
    return str_starts(core, rule->starts) && str_find(core, rule->has) != STR_NONE &&
           str_ends(core, rule->ends);
}

enum verdict rule_verdict(str core)
{
    for (size_t i = 0; i < COUNT_OF(RULES); i++) {
        if (rule_matches(&RULES[i], core)) {
            return RULES[i].verdict;
        }
    }
    return VERDICT_DEMAND;
}

const struct course *course_find(str clause, size_t *out_at)
{
    const struct course *best = NULL;

    for (size_t i = 0; i < COUNT_OF(COURSES); i++) {
        size_t at = str_find(clause, COURSES[i].verb);
        if (at != STR_NONE && (best == NULL || at < *out_at)) {
            best = &COURSES[i];
            *out_at = at;
        }
    }
    return best;
}
