"""Sentences in several languages, each with the encodings that files in it come in."""

from __future__ import annotations

SENTENCES: dict[str, tuple[tuple[str, ...], str]] = {
    "English, typographic": (
        ("cp1252",),
        "The minister said the country’s largest port would reopen “within days” — at a cost of £40 million.",
    ),
    "English, names": (("latin-1", "cp1252"), "Zoë Müller, who runs the café, said that São Paulo was warmer: 31 °C."),
    "English, Macintosh": (
        ("mac_roman",),
        "The mayor’s office said the plan wasn’t hers, and the council’s vote won’t change it.",
    ),
    "English, names of many languages": (
        ("cp1252",),
        "François, Søren, Måns, Núñez and João will meet on Friday, she said.",
    ),
    "English, two names": (("cp1252",), "The council of São Paulo was naïve, he said."),
    "English with a French word": (("cp1252",), "She was “déçu”: ½ of it is gone, at 31°C."),
    "French, short": (("cp1252", "latin-1"), "Il est déçu."),
    "French": (
        ("cp1252", "latin-1"),
        "Les élèves français passeront désormais une épreuve supplémentaire dès l'année prochaine.",
    ),
    "German": (
        ("cp1252", "mac_roman"),
        "Der Oberbürgermeister von Köln sagte, die Brücke müsse für Fußgänger gesperrt sein.",
    ),
    "Spanish": (("cp1252",), "¿Qué pasará después? Los niños volverán a las aulas en septiembre, señaló la portavoz."),
    "Portuguese": (
        ("latin-1",),
        "A investigação começou em Março e não há ainda acusações, informou o Ministério Público.",
    ),
    "Swedish": (("cp1252",), "Älgjakten inleds på måndag i norra Sverige. Över två hundra personer evakuerades på ön."),
    "Finnish": (
        ("latin-1",),
        "Pääministeri sanoi keskiviikkona, että päätös työttömyysturvasta tehdään ensi viikolla.",
    ),
    "Polish": (
        ("cp1250", "iso8859-2"),
        "W Łodzi doszło wczoraj do wypadku, w którym ucierpiały trzy osoby. Śledczy wyjaśniają okoliczności.",
    ),
    "Czech": (
        ("cp1250", "iso8859-2"),
        "Policie vyšetřuje požár skladu v Plzni. Meteorologové varují před silným větrem a změny přicházejí pozdě.",
    ),
    "Hungarian": (
        ("cp1250",),
        "Győrben tegnap hőségriadót rendeltek el. A tűzoltók több órán át küzdöttek a lángokkal.",
    ),
    "Turkish": (("cp1254",), "Cumhurbaşkanı, yeni ekonomi programının önümüzdeki hafta açıklanacağını söyledi."),
    "Russian": (
        ("cp1251", "koi8-r", "cp866", "iso8859-5"),
        "Правительство утвердило программу развития железных дорог, сообщил во вторник министр транспорта.",
    ),
    "Ukrainian": (
        ("cp1251", "koi8-u"),
        "У Києві через негоду зупинили рух трамваїв. Її очікують і на вихідних, попереджають.",
    ),
    "Greek": (("cp1253", "iso8859-7"), "Στη Θεσσαλονίκη οι εργασίες για το μετρό θα ολοκληρωθούν το επόμενο έτος."),
    "Hebrew": (("cp1255",), "בתל אביב נפתחה תערוכה חדשה, ומאות מבקרים המתינו בתור מחוץ למוזיאון."),
    "Arabic": (("cp1256",), "وافتتح في القاهرة معرض جديد وانتظر مئات الزوار أمام المتحف منذ الصباح."),
    "Thai": (("cp874",), "นายกรัฐมนตรีกล่าวเมื่อวันอังคารว่ารัฐบาลจะประกาศแผนเศรษฐกิจใหม่ในสัปดาห์หน้า"),
    "Japanese": (
        ("shift_jis", "euc_jp", "iso2022_jp"),
        "政府は火曜日、来年度の予算案を閣議決定した。新しい美術館は来月開館する予定で、市民からは期待の声が上がっている。",
    ),
    "Japanese, short": (("euc_jp", "shift_jis"), "東京では朝から雨が降り続き、電車の遅れが相次いだ。"),
    "Chinese, simplified": (
        ("gb18030", "gb2312"),
        "国务院总理星期二表示，政府将在下周公布新的经济计划。新博物馆将于下个月对公众开放，许多市民表示十分期待。",
    ),
    "Chinese, traditional": (
        ("big5",),
        "行政院長星期二表示，政府將於下週公布新的經濟計畫。新博物館將於下個月對公眾開放，許多市民表示十分期待。",
    ),
    "Korean": (
        ("euc_kr", "cp949"),
        "정부는 화요일 내년도 예산안을 확정했다고 밝혔다. 총리는 청년 지원을 늘리겠다고 말했다.",
    ),
}
