import type { Translation } from '../words.ts';

/** Korean, in the polite form. */
export const words = {
  direction: 'ltr',

  common: {
    continue: '계속',
    errorTitle: '오류: {title}',
    privacy: '개인정보 처리방침',
    terms: '이용약관',
    support: '고객 지원',
  },

  signIn: {
    title: '{name} 로그인',
    lead: '이메일로 코드를 보내 드립니다. 비밀번호는 필요 없습니다.',
    address: '이메일 주소',
    submit: '계속',
    invalid: '이메일 주소 형식이 올바르지 않은 것 같습니다. 확인 후 다시 시도해 주세요.',
    forwarding:
      '@ 앞에 %, ! 또는 =?가 있는 주소는 다른 사람에게 전달될 수 있습니다. 실제로 메일을 받는 주소를 입력해 주세요.',
    noMail: '{domain}에서는 이메일을 받지 않습니다. @ 뒤를 확인해 주세요.',
    signInFirst: '먼저 로그인해 주세요.',
  },

  code: {
    title: '이메일을 확인해 주세요',
    sent: '{address} 주소로 로그인할 수 있다면 코드를 보내 드렸습니다. {time} 후에 만료됩니다.',
    sentAgain: '{address} 주소로 로그인할 수 있다면 새 코드를 보내 드렸습니다. 가장 최근 코드만 사용할 수 있습니다.',
    label: '코드',
    submit: '계속',
    spam: '받지 못하셨나요? 스팸함을 확인해 주세요.',
    resend: '코드 다시 받기',
    otherAddress: '다른 이메일 사용',
    still: '아직도 받지 못하셨나요?',
    stopped: '이 주소로 보낸 메일이 반송되었거나 스팸으로 신고된 경우 발송이 중단됩니다. {help}',
    askContact: '다시 받으려면 {contact}에 문의해 주세요.',
    askOperator: '다시 받으려면 {name} 운영자에게 문의해 주세요.',
    busy: '가입자가 한꺼번에 몰리면 새 주소는 기다려야 할 수 있습니다. 한 시간 후에 다시 시도해 주세요.',
    requestFirst: '먼저 코드를 요청해 주세요.',
    unreadable:
      '코드가 아닙니다. 코드는 영문자와 숫자 8자리이며 I, L, O, 0, 1은 쓰이지 않습니다. 시도 횟수에는 포함되지 않았습니다.',
    earlier: '이전 코드입니다. 가장 최근 코드를 입력해 주세요. 시도 횟수에는 포함되지 않았습니다.',
    wrong: '코드가 올바르지 않습니다. 확인 후 다시 입력해 주세요.',
    left: { other: '{count}번 더 시도할 수 있습니다.' },
    newest: '가장 최근 코드만 사용할 수 있습니다.',
    resendLater: '{time} 후에 새 코드를 요청할 수 있습니다.',
  },

  consent: {
    title: '{client} 앱에서 {name} 계정에 액세스하려고 합니다',
    unnamed: '이름 없는 앱',
    thisDevice:
      '이 앱은 이 기기에서 실행되며, 어떤 프로그램이든 이 이름을 사용할 수 있습니다. 직접 시작한 경우에만 계속하세요.',
    client: '앱',
    published: '{host}에서 게시',
    ofOperator: '{name}에서 추가',
    unverified: '확인되지 않음. 누구나 이 이름을 사용할 수 있습니다.',
    usedHere: '이용 현황',
    usedByNobody: '처음으로 연결하는 사용자입니다.',
    usedBy: { other: '{count}명이 연결했습니다.' },
    since: '최초 연결: {date}',
    destination: '이동할 곳',
    onThisDevice: '이 기기의 프로그램({address})',
    allows: '{client} 앱에 다음을 허용합니다.',
    read: '읽기 전용',
    change: '변경',
    allowedBefore: '마지막으로 이 앱을 허용한 날짜: {date}',
    before: '허용한 적 있음',
    nothing: '이 앱이 요청한 권한은 소속 조직에서 허용하지 않습니다.',
    backToApp: '앱으로 돌아가기',
    trust: '{client} 앱을 신뢰할 수 있는지 확인하세요. {name}에서 운영하는 앱이 아닙니다.',
    cancel: '취소',
    allow: '허용',
    chooseOne: '하나 이상 선택하거나 취소해 주세요.',
    signedInAs: '{address} 계정으로 로그인했습니다.',
    notYou: '본인이 아닌가요? 계정 전환',
    later: '언제든지 연결을 해제할 수 있습니다.',
  },

  settling: {
    tooSoon: '아무 작업도 하지 않았습니다. 페이지가 막 표시된 상태였습니다. 내용을 읽고 다시 눌러 주세요.',
  },

  closed: {
    usedTitle: '로그인되었습니다',
    used: '이미 사용된 코드이므로 더 이상 필요하지 않습니다.',
    allowedTitle: '이미 허용했습니다',
    cancelledTitle: '이미 취소했습니다',
    answered: '앱에 답변이 전달되었으며 여기서는 변경할 수 없습니다. 이 창을 닫아도 됩니다.',
    waiting: '앱이 아직 기다리고 있다면 계속을 눌러 답변을 다시 보내세요.',
    expiredTitle: '로그인 시간이 만료되었습니다',
    expired: '로그인 제한 시간({time})이 지났습니다.',
    pushedOutTitle: '로그인 창이 너무 많습니다',
    pushedOut: {
      other: '한 번에 최대 {count}개의 창에서 로그인할 수 있습니다. 창이 더 열려서 가장 오래된 이 창을 닫았습니다.',
    },
    elsewhereTitle: '다른 브라우저에서 계속해 주세요',
    elsewhere: '다른 브라우저에서 시작한 로그인이거나, 이 브라우저에서 쿠키가 차단되었습니다.',
    elsewhereNext:
      '시작한 브라우저에서 계속해 주세요. 또는 이 사이트의 쿠키를 허용하고 앱으로 돌아가 다시 연결해 주세요.',
    unknownTitle: '알 수 없는 로그인입니다',
    connectAgain: '앱으로 돌아가 다시 연결해 주세요.',
    startAgain: '다시 시작',
    orConnectAgain: '또는 앱으로 돌아가 다시 연결해 주세요.',
  },

  leaving: {
    title: '요청을 완료할 수 없습니다',
    refused: '앱에서 받은 요청을 수락할 수 없습니다. 공유된 정보는 없습니다.',
    tellSite: '앱에 알릴 수 있습니다. 다른 사이트로 이동합니다.',
    tellDevice: '앱에 알릴 수 있습니다. 이 기기의 프로그램으로 이동합니다.',
    destination: '이동할 곳',
    warning: '직접 시작한 경우에만 계속하세요.',
    onward: '앱으로 계속',
  },

  problem: {
    details: '개발자용 세부정보',
    tryAgain: '{time} 후에 다시 시도해 주세요.',
    request: {
      title: '요청을 완료할 수 없습니다',
      text: '앱에서 받은 요청을 수락할 수 없습니다. 앱으로 돌아가 다시 연결해 주세요. 해결되지 않으면 앱 개발사에 알려 주세요.',
    },
    failed: {
      title: '문제가 발생했습니다',
      text: '저희 쪽 문제입니다. 다시 시도해 주세요. 계속되면 다음 번호를 알려 주세요: {id}',
    },
    tooMany: {
      title: '시도 횟수가 너무 많습니다',
      text: '사용 중인 네트워크에서 시도한 횟수가 너무 많습니다.',
    },
    gone: {
      title: '로그인이 종료되었습니다',
      text: '앱으로 돌아가 다시 연결해 주세요.',
    },
    foreign: {
      title: '다른 사이트에서 보낸 양식입니다',
      text: '안전을 위해 아무 작업도 하지 않았습니다. 앱으로 돌아가 다시 연결해 주세요.',
    },
    tries: {
      title: '잘못된 코드를 너무 많이 입력했습니다',
      text: '새 코드를 받으려면 앱으로 돌아가 다시 연결해 주세요.',
    },
    unknown: {
      title: '더 이상 알 수 없는 앱입니다',
      text: '앱으로 돌아가 {name} 연결을 삭제한 다음 다시 추가해 주세요.',
    },
    denied: {
      title: '연결할 수 없는 앱입니다',
      text: '{name} 운영자가 이 앱의 연결을 허용하지 않습니다.',
    },
    unreadable: {
      title: '앱을 확인할 수 없습니다',
      text: '{host}에서 앱 정보를 읽지 못했습니다. 나중에 다시 시도해 주세요.',
    },
    beingRead: {
      title: '잠시만 기다려 주세요',
      text: '{host}에서 앱 정보를 읽고 있습니다.',
    },
    refused: {
      title: '로그인할 수 없습니다',
      text: '이 주소로는 로그인할 수 없습니다. 잘못되었다고 생각되면 {name} 운영자에게 문의해 주세요.',
    },
    mail: {
      title: '이메일을 보내지 못했습니다',
      text: '메일 서비스가 응답하지 않습니다.',
    },
  },

  codeMail: {
    subject: '{code} - {name} 코드입니다',
    title: '{name} 코드',
    how: '{time} 안에 코드를 요청한 페이지에 입력해 주세요. 다른 사람에게 알려 주지 마세요.',
    who: '{ip}에서 {destination}을(를) {address} 계정으로 {name}에 연결하고 있습니다.',
    notYou: '본인이 아니라면 이 메일을 무시하세요. 코드가 없으면 아무 일도 일어나지 않습니다.',
    thisDevice: '해당 기기의 프로그램',
  },

  notice: {
    connectionSubject: '{name} 계정에 새로운 연결',
    connection: '{destination}을(를) {address} 계정으로 {name}에 연결했습니다.',
    connectionAllows: '허용된 작업:',
    browserSubject: '{name} 새로운 로그인',
    browser: '처음 보는 브라우저에서 {address} 계정으로 {name}에 로그인했습니다.',
    when: '시간: {time}',
    from: '위치: {ip}',
    you: '본인이라면 아무것도 하지 않으셔도 됩니다.',
    notYou: '본인이 아니라면 즉시 {name} 운영자에게 알려 주세요. 연결을 취소하고 모든 곳에서 로그아웃할 수 있습니다.',
    thisDevice: '내 기기의 프로그램',
  },

  home: {
    title: '{name} 연결하기',
    lead: '이 주소를 앱에 추가하세요. 브라우저가 열리면 이메일로 받은 코드로 로그인하고, 앱에 허용할 작업을 선택합니다.',
    copy: '복사',
    copied: '복사됨',
    copyThis: '{text} 복사',
    claude: '설정 → 커넥터 → 맞춤 커넥터 추가로 이동해 주소를 붙여 넣으세요.',
    claudeCode: '그런 다음 {command}를 입력하고 ‘Authenticate’를 선택하세요.',
    chatgpt:
      '설정 → 앱 및 커넥터 → 고급에서 개발자 모드를 켜세요. 그런 다음 만들기를 선택하고 주소를 붙여 넣은 뒤 OAuth를 선택하세요.',
    cursorLink: 'Cursor에 추가',
    cursor: '또는 {file}에 다음을 추가하세요.',
    codeLink: 'VS Code에 추가',
    code: '또는 다음을 실행하세요.',
    othersTitle: '다른 앱',
    others: '프로그램 실행만 지원하는 앱이라면 브리지를 사용하세요.',
    issuer: '로그인 서버: {issuer}',
  },
} satisfies Translation;
