import type { InLanguages } from '#core/words/languages.ts';
import type { OtherScopes } from './other-scopes.ts';

/**
 * What a scope lets a client do, in words for the person who is asked, and which scopes it includes. The text stands
 * after "This will allow the app to", in English, or in several languages of the catalogue.
 */
export type ScopeText = { readonly text: InLanguages; readonly implies?: readonly string[] };

/** Every scope a tool may ask for. The consent page shows the text. */
export const scopes = {
  'todos:read': {
    text: {
      en: 'See your to-dos',
      de: 'Ihre Aufgaben ansehen',
      fr: 'Voir vos tâches',
      es: 'Ver tus tareas',
      'pt-BR': 'Ver suas tarefas',
      ja: 'ToDo を表示する',
      ko: '할 일 보기',
      'zh-Hans': '查看您的待办事项',
    },
  },
  'todos:write': {
    text: {
      en: 'Add, change and delete your to-dos',
      de: 'Aufgaben anlegen, ändern und löschen',
      fr: 'Ajouter, modifier et supprimer vos tâches',
      es: 'Añadir, cambiar y eliminar tus tareas',
      'pt-BR': 'Adicionar, alterar e excluir suas tarefas',
      ja: 'ToDo を追加、変更、削除する',
      ko: '할 일 추가, 변경, 삭제',
      'zh-Hans': '添加、更改和删除您的待办事项',
    },
    implies: ['todos:read'],
  },
  'everyday:use': {
    text: {
      en: 'Use the clock, calculator, weather and web search',
      de: 'Uhr, Rechner, Wetter und Websuche verwenden',
      fr: 'Utiliser l’horloge, la calculatrice, la météo et la recherche sur le Web',
      es: 'Usar el reloj, la calculadora, el tiempo y la búsqueda web',
      'pt-BR': 'Usar o relógio, a calculadora, a previsão do tempo e a busca na web',
      ja: '時計、計算機、天気、ウェブ検索を使う',
      ko: '시계, 계산기, 날씨, 웹 검색 사용',
      'zh-Hans': '使用时钟、计算器、天气和网页搜索',
    },
  },
  'workspace:read': {
    text: {
      en: 'Search your documents and to-dos, and export reports on them and on past activity',
      de: 'Ihre Dokumente und Aufgaben durchsuchen und Berichte darüber und über bisherige Aktivitäten exportieren',
      fr: 'Rechercher dans vos documents et vos tâches, et exporter des rapports sur ceux-ci et sur l’activité passée',
      es: 'Buscar en tus documentos y tareas, y exportar informes sobre ellos y sobre la actividad anterior',
      'pt-BR': 'Pesquisar em seus documentos e tarefas e exportar relatórios sobre eles e sobre atividades anteriores',
      ja: 'ドキュメントと ToDo を検索し、それらと過去のアクティビティのレポートを書き出す',
      ko: '문서와 할 일을 검색하고, 관련 보고서와 활동 기록 보고서 내보내기',
      'zh-Hans': '搜索您的文档和待办事项，并导出相关报告和历史活动报告',
    },
  },
  'workspace:write': {
    text: {
      en: 'Add and change documents',
      de: 'Dokumente hinzufügen und ändern',
      fr: 'Ajouter et modifier des documents',
      es: 'Añadir y cambiar documentos',
      'pt-BR': 'Adicionar e alterar documentos',
      ja: 'ドキュメントを追加、変更する',
      ko: '문서 추가 및 변경',
      'zh-Hans': '添加和更改文档',
    },
    implies: ['workspace:read'],
  },
  'workspace:admin': {
    text: {
      en: 'Delete everything stored in your entire workspace',
      de: 'Alles löschen, was in Ihrem gesamten Arbeitsbereich gespeichert ist',
      fr: 'Supprimer tout ce qui est enregistré dans l’ensemble de votre espace de travail',
      es: 'Eliminar todo lo guardado en tu espacio de trabajo',
      'pt-BR': 'Excluir tudo o que está guardado em todo o seu espaço de trabalho',
      ja: 'ワークスペース全体に保存されているすべてのデータを削除する',
      ko: '워크스페이스 전체에 저장된 모든 항목 삭제',
      'zh-Hans': '删除整个工作区中存储的所有内容',
    },
  },
  'profile:read': {
    text: {
      en: 'See which account and organization it’s connected to',
      de: 'Sehen, mit welchem Konto und welcher Organisation die App verbunden ist',
      fr: 'Voir à quel compte et à quelle organisation elle est connectée',
      es: 'Ver a qué cuenta y organización está conectada',
      'pt-BR': 'Ver a qual conta e organização está conectado',
      ja: '接続先のアカウントと組織を確認する',
      ko: '연결된 계정과 조직 보기',
      'zh-Hans': '查看其连接的账号和组织',
    },
  },
} as const satisfies Record<string, ScopeText>;

export type Scope = keyof typeof scopes | keyof OtherScopes;
