import type { Translation } from '../words.ts';

/** Japanese, in the polite form. */
export const words = {
  direction: 'ltr',

  common: {
    continue: '続ける',
    errorTitle: 'エラー: {title}',
    privacy: 'プライバシー',
    terms: '利用規約',
    support: 'サポート',
  },

  signIn: {
    title: '{name} にサインイン',
    lead: 'メールでコードをお送りします。パスワードは必要ありません。',
    address: 'メールアドレス',
    submit: '続ける',
    invalid: 'メールアドレスの形式が正しくないようです。確認して、もう一度お試しください。',
    forwarding:
      '@ の前に %、!、=? を含むアドレスは、別の人に届くことがあります。実際にメールを受け取っているアドレスを入力してください。',
    noMail: '{domain} はメールを受け付けていません。@ の後ろを確認してください。',
    signInFirst: '先にサインインしてください。',
  },

  code: {
    title: 'メールを確認してください',
    sent: '{address} がここでサインインできる場合、コードを送信しました。有効期限は {time}です。',
    sentAgain: '{address} がここでサインインできる場合、新しいコードを送信しました。使えるのは最新のコードだけです。',
    label: 'コード',
    submit: '続ける',
    spam: '届かない場合は、迷惑メールフォルダを確認してください。',
    resend: 'コードを再送信',
    otherAddress: '別のメールアドレスを使う',
    still: 'それでも届かない場合',
    stopped:
      'このアドレス宛てのメールが届かなかったり、迷惑メールとして報告されたりした場合、送信を停止しています。{help}',
    askContact: '再開するには {contact} にお問い合わせください。',
    askOperator: '再開するには {name} の運営者にお問い合わせください。',
    busy: '新規登録が集中しているときは、初めてのアドレスへの送信をお待ちいただくことがあります。1 時間後にもう一度お試しください。',
    requestFirst: '先にコードをリクエストしてください。',
    unreadable:
      'コードではないようです。コードは 8 文字の英数字で、I、L、O、0、1 は使われません。この入力は回数に含まれません。',
    earlier: 'これは以前のコードです。最新のコードを入力してください。この入力は回数に含まれません。',
    wrong: 'コードが正しくありません。確認して、もう一度入力してください。',
    left: { other: '残り {count} 回です。' },
    newest: '使えるのは最新のコードだけです。',
    resendLater: '{time}後に新しいコードをリクエストできます。',
  },

  consent: {
    title: '{client} が {name} アカウントへのアクセスを求めています',
    unnamed: '名前のないアプリ',
    thisDevice:
      'このアプリはこのデバイスで動作しています。どのプログラムでもこの名前を名乗れるため、ご自身で開始した場合にのみ続けてください。',
    client: 'アプリ',
    published: '{host} が公開',
    ofOperator: '{name} が追加',
    unverified: '未確認です。誰でもこの名前を名乗れます。',
    usedHere: 'ここでの利用',
    usedByNobody: '接続するのはあなたが初めてです。',
    usedBy: { other: '{count} 人が接続しています。' },
    since: '最初の接続は {date} です。',
    destination: '移動先',
    onThisDevice: 'このデバイスのプログラム（{address}）',
    allows: '{client} に次の操作を許可します:',
    read: '閲覧のみ',
    change: '変更',
    allowedBefore: '前回このアプリを許可した日: {date}',
    before: '許可済み',
    nothing: 'このアプリが求めている内容は、組織によって共有が禁止されています。',
    backToApp: 'アプリに戻る',
    trust: '{client} が信頼できることを確認してください。{name} が運営しているアプリではありません。',
    cancel: 'キャンセル',
    allow: '許可',
    chooseOne: '1 つ以上選択するか、キャンセルしてください。',
    signedInAs: '{address} でサインインしています。',
    notYou: '別のアカウントに切り替える',
    later: '接続はいつでも解除できます。',
  },

  settling: {
    tooSoon: '何も実行していません。ページが表示された直後でした。内容を確認してから、もう一度クリックしてください。',
  },

  closed: {
    usedTitle: 'サインイン済みです',
    used: 'このコードはすでに使用されているため、もう必要ありません。',
    allowedTitle: 'すでに許可しています',
    cancelledTitle: 'すでにキャンセルしています',
    answered: '回答はアプリに届いており、ここでは変更できません。このウィンドウを閉じてかまいません。',
    waiting: 'アプリがまだ待機している場合は、「続ける」を押すと同じ回答を再送信できます。',
    expiredTitle: 'サインインの有効期限が切れました',
    expired: 'サインインの制限時間（{time}）を過ぎました。',
    pushedOutTitle: 'サインインのウィンドウが多すぎます',
    pushedOut: {
      other:
        '同時にサインインできるウィンドウは {count} 個までです。新しいウィンドウが開かれたため、最も古いこのウィンドウを終了しました。',
    },
    elsewhereTitle: '元のブラウザで続けてください',
    elsewhere: 'このサインインは別のブラウザで開始されたか、このブラウザで Cookie がブロックされています。',
    elsewhereNext:
      '開始したブラウザで続けてください。または、このサイトの Cookie を許可し、アプリに戻って接続し直してください。',
    unknownTitle: 'このサインインが見つかりません',
    connectAgain: 'アプリに戻って、接続し直してください。',
    startAgain: 'やり直す',
    orConnectAgain: 'または、アプリに戻って接続し直してください。',
  },

  leaving: {
    title: 'リクエストを完了できません',
    refused: 'アプリから受け取ったリクエストを承認できませんでした。何も共有されていません。',
    tellSite: 'アプリにこのことを伝えられます。別のサイトに移動します:',
    tellDevice: 'アプリにこのことを伝えられます。このデバイスのプログラムに移動します:',
    destination: '移動先',
    warning: 'ご自身で開始した場合にのみ続けてください。',
    onward: 'アプリに進む',
  },

  problem: {
    details: '開発者向けの詳細',
    tryAgain: '{time}後にもう一度お試しください。',
    request: {
      title: 'リクエストを完了できません',
      text: 'アプリから受け取ったリクエストを承認できませんでした。アプリに戻って、接続し直してください。解決しない場合は、アプリの開発元にお知らせください。',
    },
    failed: {
      title: '問題が発生しました',
      text: 'こちら側の問題です。もう一度お試しください。繰り返し発生する場合は、次の番号をお知らせください: {id}',
    },
    tooMany: {
      title: '試行回数が多すぎます',
      text: 'お使いのネットワークからの試行回数が多すぎます。',
    },
    gone: {
      title: 'このサインインは終了しました',
      text: 'アプリに戻って、接続し直してください。',
    },
    foreign: {
      title: '別のサイトから送信されたフォームです',
      text: '安全のため、何も実行していません。アプリに戻って、接続し直してください。',
    },
    tries: {
      title: 'コードの間違いが多すぎます',
      text: '新しいコードを受け取るには、アプリに戻って接続し直してください。',
    },
    unknown: {
      title: 'このアプリは登録されていません',
      text: 'アプリに戻り、{name} との接続を削除してから、もう一度追加してください。',
    },
    denied: {
      title: 'このアプリは接続できません',
      text: '{name} の運営者が、このアプリの接続を許可していません。',
    },
    unreadable: {
      title: 'アプリを確認できません',
      text: '{host} からアプリの情報を読み取れませんでした。しばらくしてからお試しください。',
    },
    beingRead: {
      title: 'しばらくお待ちください',
      text: '{host} からアプリの情報を読み取っています。',
    },
    refused: {
      title: 'ここにはサインインできません',
      text: 'このアドレスではサインインできません。お心当たりがない場合は、{name} の運営者にお問い合わせください。',
    },
    mail: {
      title: 'メールを送信できませんでした',
      text: 'メールサービスが応答していません。',
    },
  },

  codeMail: {
    subject: '{code} が {name} のコードです',
    title: '{name} のコード',
    how: '{time}以内に、コードを求めたページに入力してください。誰にも教えないでください。',
    who: '{ip} から、{destination}を {address} として {name} に接続しようとしています。',
    notYou: '心当たりがない場合は、このメールを無視してください。コードがなければ何も起こりません。',
    thisDevice: '利用者のデバイス上のプログラム',
  },

  notice: {
    connectionSubject: '{name} アカウントへの新しい接続',
    connection: '{destination}を {address} として {name} に接続しました。',
    connectionAllows: '許可した操作:',
    browserSubject: '{name} への新しいサインイン',
    browser: 'これまでに使われたことのないブラウザから、{address} として {name} へのサインインがありました。',
    when: '日時: {time}',
    from: '接続元: {ip}',
    you: 'ご本人による操作であれば、何もする必要はありません。',
    notYou:
      '心当たりがない場合は、すぐに {name} の運営者に連絡してください。取り消して、すべての場所でサインアウトできます。',
    thisDevice: 'お使いのデバイス上のプログラム',
  },

  home: {
    title: '{name} に接続',
    lead: 'このアドレスをアプリに追加してください。ブラウザが開いたら、メールで届くコードでサインインし、アプリに許可する操作を選びます。',
    copy: 'コピー',
    copied: 'コピーしました',
    copyThis: '{text} をコピー',
    claude: '設定 → コネクタ → カスタムコネクタを追加 を開き、アドレスを貼り付けます。',
    claudeCode: '次に {command} と入力し、「Authenticate」を選択します。',
    chatgpt:
      '設定 → アプリとコネクタ → 詳細設定 で開発者モードをオンにします。次に「作成」を選び、アドレスを貼り付けて OAuth を選択します。',
    cursorLink: 'Cursor に追加',
    cursor: 'または、{file} に次の内容を追加します:',
    codeLink: 'VS Code に追加',
    code: 'または、次のコマンドを実行します:',
    othersTitle: 'その他のアプリ',
    others: 'プログラムの起動にしか対応していないアプリでは、ブリッジを使います:',
    issuer: 'サインインサーバー: {issuer}',
  },
} satisfies Translation;
