catalogIndex("t-8",[["8",[["",1,"vHZ"],["",7,"pI"]]]]);
